"""What customers of a shop say of everything it does, written as its owner would read it, before the tagger was mended for any of it.

How many came right at the first look stands in docs/voc.md; these figures hold what has been reached since.
"""

from __future__ import annotations

import pytest

from tests.voc import traps
from voc.tagging import whole

TOPICS = "delivery quality design price returns order stock service waiting store app membership repair privacy praise"


@pytest.mark.parametrize(("name", "enough"), [("owner.txt", 0.95), ("owner_apart.txt", 0.9), ("owner_last.txt", 0.6)])
def test_most_of_what_an_owner_would_read_comes_out_so(name: str, enough: float):
    known = traps.read(name)

    faults = {line.text: found for line in known if (found := line.faults(line.said))}

    assert 1 - len(faults) / len(known) >= enough, faults


def test_the_lists_speak_of_everything_and_never_twice():
    known = [line for name in ("owner.txt", "owner_apart.txt", "owner_last.txt") for line in traps.read(name)]

    assert len({line.text for line in known}) == len(known) >= 160
    for topic in TOPICS.split():
        assert sum(topic in line.topics for line in known) >= 6, topic


@pytest.mark.parametrize(
    ("text", "register", "expected"),
    [
        # What is said of it is conceded before the but.
        ("비싸도 만족해요", "review", {"sentiment": 1}),
        ("추천은 못 하겠네요", "review", {"sentiment": -1}),
        ("만족은 안 합니다", "review", {"sentiment": -1}),
        ("불만은 하나도 없어요", "review", {"sentiment": 1}),
        # Past forms of stems that are listed without.
        ("글씨가 번졌어요", "review", {"sentiment": -1}),
        # No suggestion in 이제 안, no question in 어디에나, no request in 안 주세요.
        ("이제 안 올게요", "talk", {"act": "statement"}),
        ("어디서나 잘 어울려요", "review", {"act": "praise"}),
        ("대답을 안 주세요", "talk", {"act": "complaint"}),
        # Who has waited and asks when complains; who only asks whether does not.
        ("신청한 지 보름 됐는데 언제 오나요?", "talk", {"sentiment": -1, "act": "question"}),
        ("산 지 한 달 됐는데 교환 되나요?", "talk", {"sentiment": 0, "act": "question"}),
        # A wait, and a regular.
        ("두 달째 기다려요", "review", {"sentiment": -1}),
        ("두 달째 쓰고 있어요", "review", {"sentiment": 1}),
        ("난로에서 충전하다가 불이 났어요", "talk", {"severity": "safety"}),
        # 착했 of 도착했, 약하 of 예약하: stems inside of other words.
        ("물건이 도착했는데요", "talk", {"sentiment": 0}),
        ("예약하고 갔어요", "talk", {"sentiment": 0}),
        ("기다리겠습니다", "talk", {"sentiment": 0}),
        ("상자를 뜯었는데요", "talk", {"sentiment": 0}),
        ("delivery service 최고", "review", {"language": "ko", "sentiment": 1}),
        ("i bought this at your shop 김치", "review", {"language": "en"}),
    ],
)
def test_what_the_lists_have_taught_holds_for_others(text: str, register: str, expected: dict[str, object]):
    said = whole(text, register=register)

    assert {name: getattr(said, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "topic"),
    [("인증 문자가 안 와요", "app"), ("제 번호는 위에 적었어요", ""), ("안내판이 안 보여요", "store")],
)
def test_a_cue_in_another_word_is_none(text: str, topic: str):
    assert [mood.topic for mood in whole(text, register="talk").topics] == ([topic] if topic else [])
