"""Numbers of a period beside the one before, by topic, place and day; and the sentences behind each."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.queries.profiles import profiles_of
from tests.cast import Cast, make_organization, make_other_organization
from tests.channels_app.envelopes import envelope
from tests.voc.voices import PHONE, chat, say_and_hear
from tickets.models import Topic
from voc.queries.journey import curve_of
from voc.queries.numbers import counts_by_day, counts_by_place, counts_by_topic, with_parts
from voc.queries.sentences import sentences_of
from voc.queries.slices import Slice, period

DAY = 24 * 60


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_organization()
    hers = {"phone": PHONE, "name": "김서연"}
    # The tests' first day is the 2nd of November, at ten in the morning in Seoul.
    say_and_hear(
        cast.organization,
        chat("1", "배송이 안 와요.", thread="chat:1"),
        chat("2", "배송 빠르고 좋아요!", thread="chat:2", minutes=7 * DAY),
        chat("3", "배송이 너무 늦어요. 상담원은 친절해요.", thread="chat:3", minutes=7 * DAY + 5),
        envelope(
            "4", "store.inquiry", source="/hub", customer=hers, store="haeundae", staff="최점원",
            text="배송이 안 온다고 항의하심.", minutes=8 * DAY,
        ),
        envelope(
            "5", "review.posted", source="/busan/mall", product="울 코트", score=1, text="지퍼가 고장 났어요.",
            minutes=8 * DAY,
        ),
    )  # fmt: skip
    return cast


def week(cast: Cast, **where: object) -> Slice:
    since, until = period(cast.organization, date(2026, 11, 9), date(2026, 11, 15))
    return Slice(since, until, **where)  # type: ignore[arg-type]


def topic(cast: Cast, slug: str) -> Topic:
    return Topic.objects.get(organization=cast.organization, slug=slug)


def test_a_period_is_whole_days_of_the_organization(cast: Cast):
    since, until = period(cast.organization, date(2026, 11, 9), date(2026, 11, 9))
    assert (since, until) == (datetime(2026, 11, 8, 15, tzinfo=UTC), datetime(2026, 11, 9, 15, tzinfo=UTC))


def test_topics_count_with_their_parts_beside_the_week_before(cast: Cast):
    with CaptureQueriesContext(connection) as statements:
        rows = counts_by_topic(cast.owner, week(cast))
    assert len(statements) == 2
    delivery = next(row for row in rows if row.topic.slug == "delivery")
    assert (delivery.count.bad, delivery.count.good, delivery.count.before) == (2, 1, 1)
    assert delivery.count.change == 2.0
    assert sum(part.count.total for part in delivery.parts) <= delivery.count.total
    assert rows[0] is delivery


def test_by_place(cast: Cast):
    chosen = week(cast, topic_ids=with_parts(topic(cast, "delivery")))
    assert {key: count.total for key, count in counts_by_place(cast.owner, chosen, "channel")} == {
        "chat": 2,
        "store": 1,
    }
    stores = dict(counts_by_place(cast.owner, chosen, "store"))
    assert stores[cast.haeundae.pk].bad == 1
    centers = dict(counts_by_place(cast.owner, chosen, "center"))
    assert (centers[cast.seoul.pk].total, centers[cast.busan.pk].total) == (2, 1)
    products = dict(counts_by_place(cast.owner, week(cast), "product"))
    assert products["울 코트"].bad >= 1


def test_by_day(cast: Cast):
    days = counts_by_day(cast.owner, week(cast, topic_ids=with_parts(topic(cast, "delivery"))))
    assert {day: sum(count.total for count in topics.values()) for day, topics in days.items()} == {
        date(2026, 11, 9): 2,
        date(2026, 11, 10): 1,
    }


def test_whoever_asks_counts_what_she_reaches(cast: Cast):
    chosen = week(cast)
    channels = {key for key, _count in counts_by_place(cast.agent, chosen, "channel")}
    assert channels == {"chat"}
    assert {key for key, _count in counts_by_place(cast.outsider, chosen, "channel")} == {"store", "review"}
    assert counts_by_topic(make_other_organization().owner, chosen) == []


def test_behind_a_number_stand_as_many_sentences(cast: Cast):
    chosen = week(cast, topic_ids=with_parts(topic(cast, "delivery")), sentiment=-1)
    page = sentences_of(cast.owner, chosen)
    assert [one.text for one in page.voices] == ["배송이 안 온다고 항의하심.", "배송이 너무 늦어요."]
    late = page.voices[1]
    assert late.after == "상담원은 친절해요."
    assert "/inbox/" in late.url
    assert late.customer_name == "김서연"
    assert len(page.customer_ids) == 1
    assert sentences_of(cast.owner, week(cast), word="지퍼").voices[0].place == "부산 고객센터 · 울 코트"


def test_pages_go_on_where_they_ended(cast: Cast):
    first = sentences_of(cast.owner, week(cast), size=2)
    rest = sentences_of(cast.owner, week(cast), size=10, cursor=first.next_cursor)
    everything = sentences_of(cast.owner, week(cast), size=50)
    assert [one.public_id for one in (*first.voices, *rest.voices)] == [one.public_id for one in everything.voices]
    assert everything.next_cursor == ""


def test_a_customers_curve_has_a_point_for_each_time_she_spoke(cast: Cast):
    from customers.models import Customer

    root = Customer.objects.get(name="김서연")
    profile = profiles_of(cast.organization, [root.pk], sight=_full(cast))[root.pk]
    curve = curve_of(cast.owner, profile)
    assert [point.level for point in curve.points] == ["bad", "good", "plain", "bad"]
    assert curve.points[0].y > curve.points[1].y
    assert curve.points[0].x < curve.points[-1].x
    assert curve.points[0].voice.url


def _full(cast: Cast):  # type: ignore[no-untyped-def]
    from customers.policies import sight_of

    return sight_of(cast.owner)


def test_a_number_costs_the_same_few_statements_however_much_was_said(cast: Cast):
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            sentences_of(cast.owner, week(cast))
        return len(captured)

    few = statements()
    say_and_hear(
        cast.organization,
        *[
            chat(f"m{number}", "배송이 늦어요.", thread=f"chat:m{number}", minutes=7 * DAY + number)
            for number in range(20)
        ],
    )
    assert statements() <= few
