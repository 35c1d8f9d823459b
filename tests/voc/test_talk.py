"""Most of what is said in a conversation judges nothing; trouble told as a fact does."""

from __future__ import annotations

import pytest

from tests.voc import talk
from voc.tagging import Correction, tag, train_layer, whole

ENOUGH = 0.9
LISTS = ["calm.jsonl", "calm_apart.jsonl"]


@pytest.mark.parametrize("name", LISTS)
def test_nearly_all_of_a_conversation_comes_out_right(name):
    lines = talk.read(name)

    faults = {line.text: found for line in lines if (found := line.faults())}

    assert 1 - len(faults) / len(lines) >= ENOUGH, faults


def test_half_of_the_lists_is_calm():
    lines = [line for name in LISTS for line in talk.read(name)]

    assert len({line.text for line in lines}) == len(lines) >= 200
    assert 0.4 < sum(0 in line.sentiment for line in lines) / len(lines) < 0.6


@pytest.mark.parametrize(
    "text",
    [
        "이수빈이요",
        "조거팬츠 블랙 32예요",
        "아 예, 별건 아니고요.",
        "네에 수고하세요.",
        "네에, 고맙습니다.",
        "번호는 위에 적어뒀어요~",
        "안 되면 250도 괜찮아요",
        "이제 보이네요ㅠㅠ",
        "그럼 강남점으로 갈게요^^",
        "넉넉한 게 좋아서 M으로 할게요",
        "오늘 퇴근하고 가려고요",
        "연락 달라고 하심",
        "작은 걸로 주세요",
    ],
)
def test_in_a_conversation_letters_alone_are_no_opinion(text):
    said = whole(text, register="talk")

    assert (said.sentiment, said.severity) == (0, "")
    assert said.act in ("statement", "request")


@pytest.mark.parametrize(
    ("text", "sentiment", "act"),
    [
        ("생일쿠폰 매장에서도 쓸 수 있나요?^^", 0, "question"),
        ("영수증 없으면 안 되나요?", 0, "question"),
        ("왜 안 되나요?", -1, "complaint"),
        ("제가 시킨 거랑 다른 게 왔는데요?", -1, "question"),
        ("좋은 걸로 추천해 주세요", 0, "request"),
        ("지난번 상담이 친절했다고 전해 주세요", 1, "request"),
        ("감사합니다만 너무 늦네요", -1, "complaint"),
        ("👍", 1, "praise"),
    ],
)
def test_what_asks_is_told_apart_from_what_tells(text, sentiment, act):
    said = whole(text, register="talk")

    assert (said.sentiment, said.act) == (sentiment, act)


def test_a_polite_question_with_tears_is_not_urgent():
    said = whole("아직 확인 중이신가요? ㅠㅠ", register="talk")

    assert said.sentiment in (-1, 0)
    assert (said.act, said.severity) == ("question", "")


def test_one_complaint_among_calm_sentences_is_what_the_text_says():
    said = whole("안녕하세요. 이수빈이요. 지퍼가 고장 났어요. 확인 부탁드려요.", register="talk")

    assert said.sentiment == -1
    assert {mood.topic: mood.sentiment for mood in said.topics}["quality"] == -1


def test_a_review_is_read_as_ever():
    assert tag("잘 받았습니다.") == tag("잘 받았습니다.", register="review")
    assert whole("잘 받았습니다.").sentiment == 1


def test_a_layer_learns_from_what_the_tagger_said_there():
    corrections = [
        Correction(f"{name}이요", sentiment=0, register="talk") for name in ("이수빈", "강승현", "권은정", "김예은")
    ]

    assert train_layer(corrections).before == 1.0
