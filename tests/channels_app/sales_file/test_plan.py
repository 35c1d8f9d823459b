from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from channels_app.sales_file.choices import Choices, rules_of, suggested
from channels_app.sales_file.columns import recognise
from channels_app.sales_file.lines import Rules
from channels_app.sales_file.plan import Plan, RefusedLine
from channels_app.sales_file.receipts import Planned
from tests.channels_app.sales_file import files

STORES = {"gangnam": "강남점", "haeundae": "해운대점"}


def rules(header: tuple[str, ...], **options: Any) -> Rules:
    columns = recognise(header).columns
    choices = suggested(header, columns)
    told = {field: getattr(choices, field) for field in choices.__struct_fields__} | {"stores": STORES} | options
    return rules_of(columns, Choices(**told), zone=ZoneInfo("Asia/Seoul"), currency="KRW")


def planned(
    header: tuple[str, ...], rows: Iterable[list[Any]], **options: Any
) -> tuple[list[Planned], list[RefusedLine]]:
    with Plan(rules(header, **options)) as plan:
        plan.read(enumerate(rows, start=2))
        return list(plan.events()), list(plan.refused())


def union(rows: Iterable[list[Any]], **options: Any) -> tuple[list[Planned], list[RefusedLine]]:
    return planned(files.UNION_HEADER, rows, **options)


def row(**cells: Any) -> list[Any]:
    told = {
        "매장명": "강남점", "포스번호": "01", "영수증번호": "0001", "판매일시": "2026-07-30 17:39:29", "상품명": "머그컵", "수량": "1",
        "단가": "9,000", "합계": "9,000", "판매타입": "판매",
    } | cells  # fmt: skip
    return [told.get(title, "") for title in files.UNION_HEADER]


def told(events: list[Planned]) -> list[tuple[str, int | float]]:
    return [(event.kind, event.data["total"]) for event in events]


def test_the_retail_rows() -> None:
    events, refused = planned(files.RETAIL_HEADER, files.retail_rows(), store="gangnam")
    assert told(events) == [("sale", 50.94), ("sale", 3.7), ("refund", 27.5)]
    sale = events[0]
    assert sale.id == "2010-12-01/gangnam//536365/sale"
    assert sale.data["customer"] == {"member_no": "17850"}
    assert [item["sku"] for item in sale.data["items"]] == ["22752", "71053", "85123A"]
    assert "customer" not in events[1].data
    assert events[2].data["items"] == [
        {"sku": "D", "name": "Discount", "quantity": 1, "unit_price": 27.5, "amount": 27.5}
    ]
    assert [(line.row, line.code) for line in refused] == [
        (6, "no_money"), (7, "no_money"), (8, "bad_debt"), (9, "adjustment"),
    ]  # fmt: skip
    assert refused[0].cells[0] == "536414"


def test_receipt_numbers_that_repeat_every_day_and_at_every_till_are_told_apart() -> None:
    events, refused = union(
        [row(), row(포스번호="02"), row(판매일시="2026-07-31 09:00:00"), row(매장명="해운대점"), row(상품명="접시")]
    )
    assert not refused
    assert len({event.id for event in events}) == 4
    assert Counter(len(event.data["items"]) for event in events) == {1: 3, 2: 1}


def test_zeros_that_excel_ate_change_no_id() -> None:
    whole, _ = union([row()])
    eaten, _ = union([row(포스번호=1, 영수증번호=1.0)])
    assert whole[0].id == eaten[0].id


def test_without_a_till_column_the_second_tells_two_tills_apart() -> None:
    header = tuple(title for title in files.UNION_HEADER if title != "포스번호")
    rows = [row(), row(상품명="접시"), row(판매일시="2026-07-30 18:00:00")]
    events, _ = planned(header, [cells[:1] + cells[2:] for cells in rows])
    assert [len(event.data["items"]) for event in events] == [2, 1]


def test_returns_carry_positive_amounts_whatever_the_till_wrote() -> None:
    for cells in (
        row(판매타입="반품"), row(판매타입="전취"), row(판매타입="반품", 합계="-9,000"), row(판매타입="반품", 수량="-1", 합계="-9,000"),
        row(판매타입="", 수량="-1", 합계="-9,000"), row(판매타입="", 수량="-1", 합계="9,000"), row(판매타입="", 합계="(9,000원)"),
    ):  # fmt: skip
        events, refused = union([cells])
        assert (told(events), refused) == ([("refund", 9000)], [])
        item = events[0].data["items"][0]
        assert (item["quantity"], item["amount"]) == (1, 9000)


def test_a_returned_sale_is_still_a_sale() -> None:
    events, _ = union([row(판매타입="판매(반)"), row(판매타입="반품", 영수증번호="0002")])
    assert told(events) == [("sale", 9000), ("refund", 9000)]


def test_an_exchange_is_a_sale_and_a_refund_with_two_ids() -> None:
    events, _ = union([row(), row(판매타입="반품", 상품명="접시")])
    assert sorted(told(events)) == [("refund", 9000), ("sale", 9000)]
    assert len({event.id for event in events}) == 2


def test_a_discount_line_lowers_the_sale() -> None:
    events, _ = union([row(), row(상품명="쿠폰 할인", 단가="", 합계="-1,000")])
    assert told(events) == [("sale", 8000)]
    events, _ = union([row(판매타입="반품"), row(판매타입="반품", 상품명="쿠폰 할인", 단가="", 합계="-1,000")])
    assert told(events) == [("refund", 8000)]


def test_options_go_with_their_item_and_one_with_a_price_is_an_item() -> None:
    blank = dict.fromkeys(files.UNION_HEADER, "")
    events, refused = union(
        [
            row(),
            row(**blank | {"상품명": "┗ 샷추가"}),
            row(**blank | {"상품명": "┗ 시럽"}),
            row(상품명="┗ 두유", 합계="500", 판매타입=""),
        ]
    )
    assert not refused
    assert [item["name"] for item in events[0].data["items"]] == ["두유", "머그컵 (샷추가, 시럽)"]
    assert events[0].data["total"] == 9500
    _events, refused = union([row(**blank | {"상품명": "┗ 샷추가"})])
    assert refused[0].code == "option_alone"


def test_sums_are_dropped_and_counted() -> None:
    blank = dict.fromkeys(files.UNION_HEADER, "")
    sums = [
        row(**blank | {"매장명": word, "합계": "9,000"}) for word in ("합계", "소 계", "총합계", "강남점 소계", "TOTAL")
    ]
    with Plan(rules(files.UNION_HEADER)) as plan:
        plan.read(enumerate([row(), *sums], start=2))
        assert (plan.rows, plan.total_rows, len(list(plan.events()))) == (1, 5, 1)
        assert plan.refused_rows == 0


def test_a_spoiled_row_refuses_its_whole_receipt_and_nothing_beside_it() -> None:
    events, refused = union([row(), row(합계="많이"), row(영수증번호="0002")])
    assert [event.data["receipt_no"] for event in events] == ["0002"]
    assert [(line.row, line.code) for line in refused] == [(2, "other_row"), (3, "bad_number")]
    assert refused[0].params == {"row": 3}


def test_two_customers_on_one_receipt_are_not_guessed_at() -> None:
    _events, refused = union([row(회원번호="M-1"), row(회원번호="M-2")])
    assert [line.code for line in refused] == ["two_customers", "two_customers"]


def test_a_name_alone_identifies_nobody_and_a_masked_phone_stays() -> None:
    events, _ = union([row(회원명="김하늘", 휴대폰="010-****-5678")])
    assert events[0].data["customer"] == {"phone": "010-****-5678", "name": "김하늘"}
    events, _ = union([row(회원번호="비회원", 회원명="손님", 휴대폰="010-0000-0000")])
    assert "customer" not in events[0].data


def test_what_each_bad_row_is_told() -> None:
    bad = {
        "store_not_known": row(매장명="제주점"), "no_store_in_row": row(매장명=""), "no_receipt": row(영수증번호=""), "no_time": row(판매일시=""),
        "bad_time": row(판매일시="어제"), "no_amount": row(단가="", 합계=""), "unknown_kind": row(판매타입="외상"), "not_paid": row(판매타입="결제대기"),
        "unreadable": row(상품명="\ufffd컵"), "too_big_number": row(합계="9999999999999"),
    }  # fmt: skip
    for code, cells in bad.items():
        events, refused = union([cells])
        assert ([line.code for line in refused], events) == ([code], [])
        assert refused[0].cells == [str(cell) for cell in cells]


def test_an_order_that_was_cancelled_is_a_sale_and_a_refund_once() -> None:
    header = ("주문번호", "결제일", "상품명", "수량", "결제금액", "주문상태")
    one = [["A1", "2026-07-01", "컵", "1", "5000", "취소완료"]]
    events, _ = planned(header, one, store="gangnam")
    assert sorted(told(events)) == [("refund", 5000), ("sale", 5000)]
    both = [["A1", "2026-07-01", "컵", "1", "5000", "결제완료"], *one]
    events, _ = planned(header, both, store="gangnam")
    assert sorted(told(events)) == [("refund", 5000), ("sale", 5000)]


def test_a_business_day_goes_past_midnight() -> None:
    header = ("영업일자", "판매시간", "영수증번호", "금액")
    events, _ = planned(header, [["2026-07-01", "01:30", "7", "100"]], store="gangnam", receipts_repeat=False)
    assert events[0].id.startswith("2026-07-01/")
    assert events[0].time.astimezone(ZoneInfo("Asia/Seoul")).isoformat() == "2026-07-02T01:30:00+09:00"


SHUFFLED = [cells for cells in files.union_rows(receipts=24) if not str(cells[6]).startswith("┗")]
WHOLE = {event.id: event.envelope("/x") for event in union(SHUFFLED)[0]}


@settings(max_examples=40, deadline=None)
@given(st.permutations(SHUFFLED))
def test_the_order_of_rows_does_not_matter(rows: list[list[Any]]) -> None:
    events, refused = union(rows)
    assert not refused
    assert {event.id: event.envelope("/x") for event in events} == WHOLE
    times = [event.time for event in events]
    assert times == sorted(times)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(min_value=0, max_value=len(SHUFFLED)), max_size=4))
def test_a_file_cut_into_parts_gives_the_same_ids(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(SHUFFLED)]
    found: set[str] = set()
    total = Decimal(0)
    for start, end in pairwise(edges):
        events, _ = union(SHUFFLED[start:end])
        found |= {event.id for event in events}
        total += sum((event.total for event in events), Decimal(0))
    assert found == set(WHOLE)
    assert total == sum(Decimal(str(envelope["data"]["total"])) for envelope in WHOLE.values())


CELL = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.integers(),
    st.floats(),
    st.sampled_from(["판매", "반품", "-1", "2026-07-01", "합계", "┗"]),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(CELL, max_size=len(files.UNION_HEADER)), max_size=12))
def test_no_row_is_lost_whatever_stands_in_it(rows: list[list[Any]]) -> None:
    with Plan(rules(files.UNION_HEADER)) as plan:
        plan.read(enumerate(rows, start=2))
        used = {line.row for event in plan.events() for line in event.lines}
        refused = {line.row for line in plan.refused()}
    assert not used & refused
    assert len(used | refused) + plan.total_rows == len(rows)
