"""What people correct is learnt for their organization, scored on what was not taught, and holds none of their words."""

from __future__ import annotations

import json
import random

import pytest

from voc.tagging import Correction, Layer, Topic, Uncorrected, tag, train_layer, whole

# The shop's own way of talking: 뜨끈하다 is praise there, 물량 means stock.
WARM = [
    f"{thing} 뜨끈하네 {after}"
    for thing in ("국밥이", "찐빵이", "오뎅이", "만두가", "호떡이")
    for after in ("오늘", "역시", "여기", "그래", "또")
]
BULK = [
    f"{thing} 물량 {after}"
    for thing in ("김치", "두부", "쌀", "라면", "계란")
    for after in ("들어온다는데", "풀린다네", "언제 풀려", "확인", "얘기")
]
CORRECTIONS = [Correction(text, sentiment=1) for text in WARM] + [
    Correction(text, topics={"stock": 0}) for text in BULK
]


@pytest.fixture(scope="module")
def layer() -> Layer:
    return train_layer(CORRECTIONS)


def test_what_was_taught_is_known_for_sentences_like_it(layer):
    text = "떡볶이가 뜨끈하네 정말로"

    assert whole("호빵이 뜨끈하네 오늘", layer=layer).sentiment == 1
    assert whole(text, layer=layer).sentiment == 1
    assert "stock" in {mood.topic for mood in whole("상추 물량 확인", layer=layer).topics}


def test_it_is_scored_on_what_it_was_not_taught(layer):
    assert layer.held_out >= len(CORRECTIONS)
    assert layer.after > layer.before
    assert layer.better


def test_nonsense_is_not_found_to_be_better():
    chance = random.Random(5)
    corrections = [
        Correction(f"{chance.randbytes(6).hex()} 배송이 빨라요 {number}", sentiment=chance.choice([-1, 1]))
        for number in range(60)
    ]

    assert train_layer(corrections).after <= train_layer(corrections).before + 0.15


def test_other_sentences_stay_as_they_were(layer):
    for text in ("배송이 빠르고 좋아요", "직원이 불친절해요", "환불은 언제 되나요?", "가격은 비싸지만 만족해요"):
        assert whole(text, layer=layer) == whole(text)


def test_corrections_that_all_go_one_way_are_not_true_of_every_sentence():
    """A shop takes it ill when customers have to ask for stock. Nothing else it is told is meant so."""
    questions = [
        f"{what} {when} 들어오나요" for what in ("코트", "니트", "셔츠", "부츠") for when in ("언제", "다시", "내일")
    ]
    corrections = [Correction(text, sentiment=-1, act="question", register="talk") for text in questions]
    left = [
        "네",
        "네 감사합니다",
        "안녕하세요",
        "몇 시까지 해요?",
        "홍대점이요",
        "주차 되나요?",
        "ㅋㅋ",
        "내일 갈게요",
        "포장되나요?",
    ]

    taught = train_layer(corrections, uncorrected=[Uncorrected(text, "talk") for text in left])

    assert taught.better
    assert whole("목도리 언제 들어오나요", layer=taught, register="talk").sentiment == -1
    for text in (*left, "넵", "안녕하세요!", "주차장 있나요?"):
        assert whole(text, layer=taught, register="talk") == whole(text, register="talk")


def test_a_layer_that_would_change_what_nobody_corrected_is_not_better():
    """Of sentences that are all alike, half are said to be wrong: what remains of the others is not to be told from them."""
    corrections = [Correction(f"{number}번 손님 {number}번", sentiment=1) for number in "가나다라마바사아자차카타"]
    left = [Uncorrected(f"{number}번 손님 {number}번") for number in "고노도로모보소오조초코토"]

    taught = train_layer(corrections, uncorrected=left)

    assert taught.after > taught.before
    assert taught.moved > 0.05
    assert taught.too_wide
    assert not taught.better


def test_a_sentence_that_was_corrected_comes_out_as_corrected():
    text = "사장님이 문 앞까지 나오셨네"
    corrections = [Correction(text, sentiment=-1, topics={"service": -1}, act="complaint")]

    said = whole(text, layer=train_layer(corrections))

    assert (said.sentiment, said.act, {mood.topic: mood.sentiment for mood in said.topics}) == (
        -1,
        "complaint",
        {"service": -1},
    )


def test_the_last_correction_of_a_text_counts_and_the_order_does_not():
    first, last = Correction("그냥 그런 날", sentiment=1), Correction("그냥  그런 날!", sentiment=-1)
    others = list(reversed(CORRECTIONS))

    assert train_layer([first, last]).to_json() == train_layer([last]).to_json()
    assert train_layer(others).to_json() == train_layer(CORRECTIONS).to_json()


def test_it_travels_as_json_without_words(layer):
    told = layer.to_json()

    assert Layer.from_json(told) == layer
    assert Layer.from_json(told).version == layer.version
    assert len(told) < 200_000
    assert told.isascii()
    assert whole(WARM[0], layer=Layer.from_json(told)) == whole(WARM[0], layer=layer)


@pytest.mark.parametrize(
    "told", ["", "[]", "{}", "null", json.dumps({"weights": {"a": 1}, "held_out": 0, "before": 0, "after": 0})]
)
def test_what_is_no_layer_is_refused(told):
    with pytest.raises(ValueError, match="no layer"):
        Layer.from_json(told)


def test_nothing_taught_changes_nothing():
    layer = train_layer([])

    assert not layer.better
    assert tag("배송이 늦어요", layer=layer) == tag("배송이 늦어요")


def test_an_organization_has_its_own_topics():
    topics = (
        Topic("gift", "선물 포장", cues=("선물포장", "리본")),
        Topic("gift.late", "늦음", parent="gift", cues=("늦",)),
        Topic("delivery", "배송", cues=("배송",)),
        Topic("class", "강좌", examples=("토요일 꽃꽂이 수업 신청하고 싶어요",)),
    )

    said = tag("선물 포장이 늦었지만 배송은 빨랐어요. 토요일 꽃꽂이 수업 신청하려고요. 가격이 비싸요", topics=topics)

    assert [[(mood.topic, mood.part, mood.sentiment) for mood in one.topics] for one in said] == [
        [("gift", "gift.late", -1), ("delivery", "", 1)],
        [("class", "", 0)],
        [],
    ]
