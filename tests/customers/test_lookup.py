"""The look-up: everybody is found by what the counter knows of her, in few statements, and nobody else's customers."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Customer, Identity
from customers.names import chosung
from customers.queries import Kind, find_customers_for, recent_customers_for
from customers.queries.lookup import CANDIDATES, SHOWN
from tests import cast
from tests.customers.counter_people import SEOYEON, sale, says, tell

pytestmark = pytest.mark.django_db

NAMES = [
    "김서연",
    "이준",
    "남궁민수",
    "홍길동",
    "황보 하늘",
    "㈜하늘상회",
    "John Smith",
    "박꽃님",
    "최씨",
    "제갈공명",
    "임도윤",
    "이도윤",
]


@pytest.fixture
def house() -> cast.Cast:
    return cast.make_organization()


@pytest.fixture
def crowd(house: cast.Cast) -> list[dict[str, Any]]:
    rng = Random(3)
    people = [
        {
            "name": name,
            "phone": f"0100000{rng.randrange(10000):04d}",
            "member_no": f"M-{place}",
            "email": f"{place}@m.example",
        }
        for place, name in enumerate(NAMES)
    ]
    tell(house.organization, *(sale(person, hours_ago=place) for place, person in enumerate(people)))
    return people


def found(person: Any, typed: str) -> list[str]:
    return [profile.raw_name for profile in find_customers_for(person, typed).profiles]


def test_everybody_is_found_by_everything_the_counter_knows(house: cast.Cast, crowd: list[dict[str, Any]]) -> None:
    for one in crowd:
        phone, name = str(one["phone"]), str(one["name"])
        number = phone[1:]
        spellings = [
            phone,
            f"{phone[:3]}-{phone[3:7]}-{phone[7:]}",
            f"+82 {number}",
            number,
            phone.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        ]
        bare = name.removeprefix("㈜")
        known = [
            phone[-4:],
            phone[-5:],
            phone[:8],
            *spellings,
            one["member_no"],
            str(one["member_no"]).lower(),
            one["email"].upper(),
        ]
        known += [name, bare[:2], bare[-2:], chosung(name), chosung(name)[:1], bare[:1] + chosung(bare)[1:]]
        for typed in known:
            assert name in found(house.agent, typed), (name, typed)


def test_a_syllable_without_its_end_finds_no_other(house: cast.Cast, crowd: list[dict[str, Any]]) -> None:
    assert found(house.agent, "이도") == ["이도윤"]
    assert "임도윤" not in found(house.agent, "이")


def test_doubled_initials_and_the_wrong_keyboard(house: cast.Cast, crowd: list[dict[str, Any]]) -> None:
    assert found(house.agent, "ㅂㄱ") == found(house.agent, "ㅂㄲ") == ["박꽃님"]
    answer = find_customers_for(house.agent, "ghdrlfehd")
    assert (answer.kind, [one.raw_name for one in answer.profiles]) == (Kind.WRONG_KEYBOARD, ["홍길동"])


def test_a_full_number_finds_one_and_four_digits_all(house: cast.Cast) -> None:
    tell(
        house.organization,
        sale({"phone": "010-0000-5678", "name": "가"}),
        sale({"phone": "010-0001-5678", "name": "나"}),
    )
    assert found(house.agent, "010 0000 5678") == ["가"]
    assert sorted(found(house.agent, "5678")) == ["가", "나"]
    assert sorted(found(house.agent, "0000-5678")) == ["가"]


def test_a_group_stands_once_and_under_its_name(house: cast.Cast) -> None:
    tell(house.organization, sale(SEOYEON), says("t", "저 김서연이에요", {"external": {"web:x": "v1"}}))
    tell(house.organization, says("t", "이 번호요", {"external": {"web:x": "v1"}, "phone": SEOYEON["phone"]}))
    assert Customer.objects.filter(merged_into=None).count() == 1
    assert found(house.agent, "김서연") == found(house.agent, "5678") == ["김서연"]


def test_what_is_only_claimed_is_shown_and_marked(house: cast.Cast) -> None:
    claimed = {"phone": "010-0000-9999", "name": "주장하는이", "verified": False}
    tell(house.organization, says("t", "저예요", claimed))
    for typed in ("010-0000-9999", "주장"):
        (profile,) = find_customers_for(house.agent, typed).profiles
        assert profile.is_unconfirmed
    assert not found(house.agent, "9999")


def test_there_are_more_than_are_shown(house: cast.Cast) -> None:
    people = [{"phone": f"010-0000-{number:04d}", "name": "김민준"} for number in range(SHOWN + 3)]
    tell(house.organization, *(sale(one, hours_ago=number) for number, one in enumerate(people)))
    answer = find_customers_for(house.agent, "김민")
    assert answer.has_more
    assert len(answer.profiles) == SHOWN
    assert answer.profiles[0].phone == "010-0000-0000", "the most recently seen stands on top"


def test_who_was_just_here_is_found_among_many_of_the_name(house: cast.Cast) -> None:
    """Beyond the candidates an index gives, the newest events give theirs."""
    tell(house.organization, sale({"phone": "010-0001-0000", "name": "김하하"}, hours_ago=1))
    old = Customer.objects.get(name="김하하")
    Customer.objects.bulk_create(
        Customer(
            organization=house.organization,
            name="김가가",
            name_chosung=old.name_chosung,
            name_nfd="김가가",
            event_count=1,
        )
        for _ in range(CANDIDATES + 20)
    )
    assert found(house.agent, "김")[0] == "김하하"
    assert found(house.agent, "ㄱ")[0] == "김하하"


@pytest.mark.parametrize(
    "typed", ["5678", "010-0000-5678", "M-1001", "김서", "김", "ㄱ", "ㄱㅅㅇ", "서연", "rlatjdus", "a@b.example"]
)
def test_the_number_of_statements_does_not_grow(house: cast.Cast, typed: str) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            find_customers_for(house.agent, typed)
        return len(queries)

    tell(house.organization, sale(SEOYEON))
    before = statements()
    tell(house.organization, *(sale({"phone": f"010-{n:04d}-5678", "name": "김서연"}) for n in range(30)))
    assert statements() <= before + 1 <= 10


def test_another_organizations_customers_are_never_found(house: cast.Cast) -> None:
    other = cast.make_other_organization()
    tell(other.organization, sale(SEOYEON))
    for typed in ("5678", "010-0000-5678", "M-1001", "김서연", "ㄱㅅㅇ", "서연", "seoyeon@mail.example"):
        assert found(house.owner, typed) == []
    assert recent_customers_for(house.owner) == []
    assert Identity.objects.count() == 3


def test_lately_is_by_history(house: cast.Cast, crowd: list[dict[str, Any]]) -> None:
    assert [profile.raw_name for profile in recent_customers_for(house.agent)][:3] == NAMES[:3]


def test_a_beginning_ends_before_the_next_name(house: cast.Cast) -> None:
    """As many as an index gives at once, and none of those that stand behind them in it."""
    names = ["김가", "김가나", "김각", "김나", "나김가", "나김각"]
    tell(house.organization, *(sale({"phone": f"010-20{n}0-0000", "name": name}) for n, name in enumerate(names)))
    assert sorted(found(house.agent, "김가")) == ["김가", "김가나", "나김가"]
    assert sorted(found(house.agent, "ㄱㄱㄴ")) == ["김가나"]
    assert sorted(found(house.agent, "010203")) == ["김나"]
