"""One list of topics for tickets and voices: edited, renamed and merged without losing what was said."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Person
from tests.cast import SETUP, Cast, make_organization
from tests.voc.voices import NOW, chat, hear, say, say_and_hear
from tickets.actions import set_topics
from tickets.models import Ticket, Topic
from tickets.queries import topic_names
from tickets.queries.topics import topics_for
from voc import tagging
from voc.actions.tagging_again import tag_again
from voc.actions.topics import begin_topics, merge_topic
from voc.models import TopicWords, Voice, VoiceTopic


@pytest.fixture
def cast(db: None) -> Cast:
    return make_organization()


def logged_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="accounts.backends.PersonBackend")
    return client


def topic(cast: Cast, slug: str) -> Topic:
    return Topic.objects.get(organization=cast.organization, slug=slug)


def again(cast: Cast) -> None:
    while tag_again(cast.organization, at=NOW):
        pass


def test_an_organization_begins_with_the_standard_ones_in_two_levels(cast: Cast):
    begin_topics(cast.organization, at=NOW)
    begin_topics(cast.organization, at=NOW)
    first = Topic.objects.filter(organization=cast.organization, parent=None)
    assert first.count() == 16
    assert all(one.is_offered for one in first)
    assert topic(cast, "delivery.late").parent == topic(cast, "delivery")
    assert Topic.objects.count() == len(tagging.DEFAULT_TOPICS)


def test_a_list_that_tickets_had_before_is_taken_up(cast: Cast):
    set_topics(cast.organization, {"delivery": "택배", "product": "물건", "vip": "단골 혜택"}, by=SETUP, at=NOW)
    begin_topics(cast.organization, at=NOW)
    assert {words.topic.slug for words in TopicWords.objects.filter(standard__in=["delivery", "quality"])} == {
        "delivery",
        "product",
    }
    assert topic(cast, "delivery").name == "택배"
    assert "단골" in topic(cast, "vip").words.cues
    offered = Topic.objects.filter(organization=cast.organization, is_offered=True)
    assert set(offered.values_list("slug", flat=True)) == {"delivery", "product", "vip"}


def test_a_topic_that_tickets_get_later_is_known_by_its_name(cast: Cast):
    begin_topics(cast.organization, at=NOW)
    set_topics(cast.organization, {"gift": "선물포장"}, by=SETUP, at=NOW)
    say_and_hear(cast.organization, chat("1", "선물포장 되나요?"))
    assert VoiceTopic.objects.filter(topic=topic(cast, "gift")).exists()


def test_a_new_cue_word_finds_what_was_said_before(cast: Cast):
    (voice,) = say_and_hear(cast.organization, chat("1", "보냉백이 축축해요."))
    page = logged_in(cast.lead).post(
        "/voc/settings/topics/new/",
        {"name": "보냉백", "cues": "보냉백\n아이스팩", "examples": "제 번호는 010-1234-5678"},
    )
    assert page.status_code == 302
    again(cast)
    made = Topic.objects.get(name="보냉백")
    assert VoiceTopic.objects.filter(voice=voice, topic=made).exists()
    assert "1234" not in made.words.examples


def test_a_renamed_topic_keeps_what_was_said(cast: Cast):
    say_and_hear(cast.organization, chat("1", "배송이 안 와요."))
    one = topic(cast, "delivery")
    answer = logged_in(cast.owner).post(
        f"/voc/settings/topics/{one.public_id}/",
        {"name": "택배·배송", "cues": one.words.cues, "examples": "", "is_offered": "on"},
    )
    assert answer.status_code == 302
    again(cast)
    assert topic_names(cast.organization.pk)["delivery"] == "택배·배송"
    slugs = VoiceTopic.objects.values_list("topic__slug", "topic__parent__slug")
    assert all("delivery" in pair for pair in slugs)


def test_what_it_may_be_merged_into_is_named_with_what_it_is_part_of(cast: Cast):
    """Two topics have a part called 지연."""
    say_and_hear(cast.organization, chat("1", "재고 있나요?"))
    page = logged_in(cast.lead).get(f"/voc/settings/topics/{topic(cast, 'stock').public_id}/").content.decode()
    offered = page.partition("주제 선택")[2]
    assert offered.index(">배송</option>") < offered.index(">배송 › 지연</option>") < offered.index(">기타</option>")
    assert ">지연</option>" not in offered


def test_merged_topics_count_as_one_before_and_after(cast: Cast):
    say_and_hear(cast.organization, chat("1", "재고 있나요?"))
    one, into = topic(cast, "stock"), topic(cast, "order")
    answer = logged_in(cast.lead).post(f"/voc/settings/topics/{one.public_id}/merge/", {"into": "order"})
    assert answer.status_code == 302
    again(cast)
    say(cast.organization, chat("2", "재고 언제 들어와요?", minutes=1))
    hear(cast.organization)
    found = set(VoiceTopic.objects.values_list("topic__slug", flat=True))
    assert "stock" not in found
    assert VoiceTopic.objects.exclude(topic__parent=into).filter(topic=into).exists() or found
    assert topic_names(cast.organization.pk)["stock"] == into.name
    assert topic(cast, "stock").merged_into == into


def test_a_merge_keeps_both_words_of_one_sentence_once(cast: Cast):
    say_and_hear(cast.organization, chat("1", "결제했는데 재고가 품절이래요."))
    merge_topic(topic(cast, "stock"), topic(cast, "order"), by=cast.owner, at=NOW)
    again(cast)
    rows = list(VoiceTopic.objects.values_list("voice", "topic"))
    assert len(rows) == len(set(rows))


def test_merging_into_what_was_merged_leads_to_the_last(cast: Cast):
    begin_topics(cast.organization, at=NOW)
    merge_topic(topic(cast, "design"), topic(cast, "quality"), by=cast.owner, at=NOW)
    merge_topic(topic(cast, "quality"), topic(cast, "other"), by=cast.owner, at=NOW)
    assert topic(cast, "design").merged_into == topic(cast, "other")


@pytest.mark.parametrize("said", [{"name": ""}, {"name": "배송"}, {"name": "가" * 101}])
def test_a_name_that_cannot_be_is_refused_and_nothing_typed_is_lost(cast: Cast, said: dict[str, str]):
    begin_topics(cast.organization, at=NOW)
    page = logged_in(cast.lead).post("/voc/settings/topics/new/", {**said, "cues": "아이스팩"})
    assert page.status_code == 422
    assert "아이스팩" in page.content.decode()
    assert not Topic.objects.filter(slug="아이스팩").exists()


def test_agents_do_not_edit_topics(cast: Cast):
    assert logged_in(cast.agent).get("/voc/settings/topics/").status_code == 404


def test_what_was_heard_is_suggested_for_the_ticket(cast: Cast):
    with_time = timezone.now().replace(microsecond=0)
    said = chat("1", "소매가 뜯어졌어요. 불량이에요.")
    said["time"] = with_time.isoformat()
    from channels_app.intake import receive
    from tests.voc.voices import SENDER
    from voc.actions.listening import listen

    receive(cast.organization, [said], sender=SENDER, at=timezone.now())
    listen(cast.organization, at=timezone.now())
    choices = topics_for(Ticket.objects.get())
    assert choices.guess is not None
    assert choices.guess.topic == "quality"
    assert choices.frequent[0][0] == "quality"
    assert choices.guess.cue == "소매가 뜯어졌어요."
    assert Voice.objects.count() == 2
