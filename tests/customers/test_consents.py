"""What a customer agrees to is what its events come to, in whatever order they arrive and whoever is merged with whom."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEntry, Organization
from channels_app.intake import receive
from customers.consenting import MEDIA, ConsentEvent, Consents, consents_of, is_night
from customers.models import Customer, Event, Identity
from customers.queries.consents import consents_of_members, consents_of_roots
from customers.queries.history import member_ids
from tests import cast
from tests.customers.counter_people import SENDER, SEOYEON, happened, logged_in, sale, tell

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
HERS = {"phone": "010-0000-5678"}


@pytest.fixture
def house() -> cast.Cast:
    return cast.make_organization()


def agrees(*media: str, hours_ago: float = 1, who: dict[str, Any] = HERS, **more: Any) -> dict[str, Any]:
    told = {"media": list(media), "how": "kiosk", "version": "2026-03", "customer": who, **more}
    return happened("consent.given", hours_ago=hours_ago, **told)


def takes_back(*media: str, hours_ago: float = 0.5, who: dict[str, Any] = HERS, **more: Any) -> dict[str, Any]:
    told = {"how": "phone", "customer": who, **({"media": list(media)} if media else {}), **more}
    return happened("consent.withdrawn", hours_ago=hours_ago, **told)


def hers(organization: Organization, who: str = "+821000005678") -> Consents:
    owner = Identity.objects.select_related("customer").get(organization=organization, value=who).customer
    return consents_of_members(organization, member_ids(owner))


def picture(told: Consents) -> Any:
    """All that can be seen of it, without keys."""
    return (
        sorted((key, one.given.event_id, one.holds_at_night) for key, one in told.standing.items()),
        sorted((key, one.event_id) for key, one in told.refused.items()),
        [
            (
                one.medium,
                one.given.event_id,
                one.withdrawn and one.withdrawn.event_id,
                one.renewed and one.renewed.event_id,
            )
            for one in told.ledger
        ],
    )


def test_given_for_each_medium_and_the_night_apart(house: cast.Cast):
    tell(house.organization, agrees("sms", "kakao"), agrees("mail", hours_ago=2))
    told = hers(house.organization)
    assert [medium for medium in MEDIA if told.holds(medium)] == ["sms", "mail", "kakao"]
    assert [medium for medium in MEDIA if told.holds(medium, is_night=True)] == ["mail"], "a mail wakes nobody"
    tell(house.organization, agrees("sms", night=True, hours_ago=0.9))
    assert hers(house.organization).holds("sms", is_night=True)
    tell(house.organization, takes_back("sms", night=True))
    told = hers(house.organization)
    assert (told.holds("sms"), told.holds("sms", is_night=True)) == (True, False)
    assert not told.is_refused("sms"), "the night alone"


def test_taken_back_for_some_or_for_all(house: cast.Cast):
    tell(house.organization, agrees("sms", "mail", "kakao"), takes_back("sms"))
    told = hers(house.organization)
    assert [medium for medium in MEDIA if told.holds(medium)] == ["mail", "kakao"]
    assert (told.is_refused("sms"), told.is_refused("call")) == (True, False)
    tell(house.organization, takes_back(hours_ago=0.4))
    told = hers(house.organization)
    assert (told.standing, [told.is_refused(medium) for medium in MEDIA]) == ({}, [True] * 4)
    assert len(told.ledger) == 3
    assert all(one.withdrawn for one in told.ledger)
    tell(house.organization, agrees("sms", hours_ago=0.3))
    told = hers(house.organization)
    assert (told.holds("sms"), told.is_refused("sms")) == (True, False)
    assert not told.holds("sms", is_night=True), "a night that was given before a withdrawal is gone"


def test_of_one_instant_the_withdrawal_counts():
    given = ConsentEvent("1", "consent.given", NOON, "/z", "z", media=("sms",))
    back = ConsentEvent("2", "consent.withdrawn", NOON, "/a", "a", media=("sms",))
    for events in ([given, back], [back, given]):
        assert not consents_of(events).holds("sms")


@pytest.mark.parametrize(("clock", "night"), [("20:59", False), ("21:00", True), ("07:59", True), ("08:00", False)])
def test_the_night_goes_by_the_senders_clock(clock: str, night: bool):
    at = datetime.fromisoformat(f"2026-11-02T{clock}:00+09:00")
    assert is_night(at, ZoneInfo("Asia/Seoul")) is night


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"media": ["sms"], "how": "kiosk", "text": "동의"}, "data.customer"),
        ({"media": ["sms"], "how": "kiosk", "text": "동의", "customer": {"phone": "010-****-5678"}}, "data.customer"),
        ({"media": ["sms"], "how": "kiosk", "customer": HERS}, "data.text"),
        ({"media": [], "how": "kiosk", "text": "동의", "customer": HERS}, "data.media"),
        ({"media": ["fax"], "how": "kiosk", "text": "동의", "customer": HERS}, "data.media"),
        ({"media": ["sms"], "text": "동의", "customer": HERS}, "data.how"),
        ({"media": ["sms"], "how": "dream", "text": "동의", "customer": HERS}, "data.how"),
        ({"purpose": "sharing", "media": ["sms"], "how": "web", "text": "제공", "customer": HERS}, "data.media"),
    ],
)
def test_what_proves_no_consent_is_refused(house: cast.Cast, data: dict[str, Any], field: str):
    (outcome,) = receive(
        house.organization, [happened("consent.given", **data)], sender=SENDER, at=NOON + timedelta(days=60)
    )
    assert outcome.is_refused
    assert outcome.problem is not None
    assert outcome.problem.field.startswith(field)


def test_other_purposes_stand_beside(house: cast.Cast):
    told = {"purpose": "collection", "how": "paper", "text": "수집 동의", "items": ["이름", "전화"], "kept_months": 36}
    tell(house.organization, happened("consent.given", customer=HERS, **told), agrees("sms"))
    found = hers(house.organization)
    assert set(found.standing) == {("collection", ""), ("marketing", "sms")}
    tell(house.organization, takes_back())
    assert set(hers(house.organization).standing) == {("collection", "")}


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["given", "withdrawn", "told"]),
        st.sampled_from(["a", "b"]),
        st.lists(st.sampled_from(MEDIA), max_size=2, unique=True),
        st.booleans(),
        st.integers(1, 5),
    ),
    min_size=1,
    max_size=8,
)
WHO = {"a": {"phone": "010-0000-1111"}, "b": {"member_no": "M-77"}}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS, merged_at=st.integers(0, 9), seed=st.integers(0, 2**16))
def test_any_order_gives_the_same_and_undoing_a_merge_gives_back(
    house: cast.Cast, acts: list[Any], merged_at: int, seed: int
):
    envelopes = [sale(WHO["a"], hours_ago=90), sale(WHO["b"], hours_ago=90)]
    for kind, who, media, night, ago in acts:
        if kind == "given":
            envelopes.append(agrees(*(media or ["sms"]), who=WHO[who], night=night, hours_ago=ago))
        elif kind == "withdrawn":
            envelopes.append(takes_back(*media, who=WHO[who], night=night, hours_ago=ago))
        else:
            told = {"what": "reconfirmation", "medium": "sms", "customer": WHO[who]}
            envelopes.append(happened("consent.told", hours_ago=ago, **told))
    decided = {"into": WHO["a"], "from_": WHO["b"], "agent": house.agent.email}
    merge = happened("customer.merged", source="/hub", hours_ago=0.2, **decided)
    undo = happened("customer.unmerged", source="/hub", hours_ago=0.1, **decided)
    organization = house.organization
    found = []
    for shuffled in (False, True):
        some = list(envelopes)
        if shuffled:
            random.Random(seed).shuffle(some)
        savepoint = transaction.savepoint()
        some.insert(min(merged_at, len(some)) if shuffled else len(some), merge)
        cut = seed % len(some)
        for batch in (some[:cut], some[cut:], some[:1]):
            if batch:
                tell(organization, *batch)
        together = [picture(hers(organization, who)) for who in ("+821000001111", "M-77")]
        assert together[0] == together[1], "they are one"
        tell(organization, undo)
        apart = [picture(hers(organization, who)) for who in ("+821000001111", "M-77")]
        owners = Customer.objects.filter(organization=organization, merged_into=None)
        many = consents_of_roots(organization, list(owners.values_list("pk", flat=True)))
        assert sorted(map(repr, map(picture, many.values()))) == sorted(map(repr, apart))
        found.append((together, apart))
        transaction.savepoint_rollback(savepoint)
    assert found[0] == found[1]


# At the screens --------------------------------------------------------------------------------------------------


@pytest.fixture
def seoyeon(house: cast.Cast) -> Customer:
    tell(house.organization, sale(SEOYEON))
    return Customer.objects.get(name="김서연")


def typed(act: str = "give", *media: str, **more: Any) -> dict[str, Any]:
    return {"act": act, "chosen": list(media or ["sms"]), "how": "counter", "key": str(uuid4()), **more}


def test_staff_write_it_down_once_and_it_is_audited(house: cast.Cast, seoyeon: Customer):
    client, address = logged_in(house.store_staff), f"/customers/{seoyeon.public_id}/consents/"
    dialog = client.get(f"{address}?medium=sms&place=counter", headers={"hx-request": "true"}).content.decode()
    assert "<dialog" in dialog
    assert 'value="sms" class="checkbox checkbox-sm" checked' in dialog
    assert "하늘상회" in dialog
    form = typed("give", "sms", "kakao", night="1")
    for _twice in range(2):
        assert client.post(address, form, headers={"hx-request": "true"}).status_code == HTTPStatus.NO_CONTENT
    event = Event.objects.get(type="consent.given")
    assert (event.source, event.agent_email, event.data["media"]) == ("/hub", house.store_staff.email, ["sms", "kakao"])
    assert "하늘상회" in event.text
    assert "21시" in event.text
    entry = AuditEntry.objects.get(action="customers.consent")
    assert entry.after is not None
    assert (entry.customer_id, entry.by, entry.after["media"]) == (
        seoyeon.public_id,
        house.store_staff,
        ["sms", "kakao"],
    )
    assert hers(house.organization).holds("sms", is_night=True)


def test_it_is_shown_with_its_ledger_and_withdrawn(house: cast.Cast, seoyeon: Customer):
    client, address = logged_in(house.agent), f"/customers/{seoyeon.public_id}/consents/"
    page = client.get(f"/customers/{seoyeon.public_id}/").content.decode()
    assert page.count("data-consent=") == 4
    assert "data-consent-ledger" not in page
    assert client.post(address, typed("give", "sms", "mail")).status_code == HTTPStatus.FOUND
    client.post(address, typed("withdraw", "sms", how="phone"))
    for place in ("customers", "counter"):
        page = client.get(f"/{place}/{seoyeon.public_id}/").content.decode()
        ledger = page[page.index("data-consent-ledger") :]
        assert ledger.count("<li>") >= 2
        assert house.agent.name in ledger
    card = client.get(f"{address}?part=card", headers={"hx-request": "true"}).content.decode()
    assert "data-consent-ledger" in card
    assert "<html" not in card
    told = hers(house.organization)
    assert (told.holds("sms"), told.is_refused("sms"), told.holds("mail")) == (False, True, True)
    assert AuditEntry.objects.filter(action="customers.withdraw_consent").count() == 1


@pytest.mark.parametrize("form", [{}, {"act": "give"}, typed("give", "fax"), typed("give", how="dream"), typed("eat")])
def test_what_says_too_little_is_told_and_writes_nothing(house: cast.Cast, seoyeon: Customer, form: dict[str, Any]):
    client, address = logged_in(house.agent), f"/customers/{seoyeon.public_id}/consents/"
    response = client.post(address, form)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not Event.objects.filter(type__startswith="consent.").exists()


def test_another_organizations_customer_is_not_found(house: cast.Cast, seoyeon: Customer):
    client = logged_in(cast.make_other_organization().owner)
    assert client.post(f"/customers/{seoyeon.public_id}/consents/", typed()).status_code == HTTPStatus.NOT_FOUND
