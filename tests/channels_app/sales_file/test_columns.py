import pytest

from channels_app.sales_file import columns
from channels_app.sales_file.reasons import FileProblem
from tests.channels_app.sales_file import files


def found(*header: str) -> dict[str, str]:
    return {field: header[index] for field, index in columns.recognise(header).columns.items()}


def test_the_union_export() -> None:
    assert found(*files.UNION_HEADER) == {
        "store": "매장명", "register": "포스번호", "receipt": "영수증번호", "time": "판매일시", "line": "번호", "sku": "상품코드",
        "name": "상품명", "quantity": "수량", "unit_price": "단가", "amount": "합계", "kind": "판매타입", "member_no": "회원번호",
        "customer_name": "회원명", "phone": "휴대폰",
    }  # fmt: skip


def test_the_retail_data_set() -> None:
    assert found(*files.RETAIL_HEADER) == {
        "receipt": "InvoiceNo", "sku": "StockCode", "name": "Description", "quantity": "Quantity", "time": "InvoiceDate",
        "unit_price": "UnitPrice", "member_no": "CustomerID",
    }  # fmt: skip


def test_tapshop_smartstore_and_erp() -> None:
    tapshop = found(
        "매장코드_매출일자_상품코드",
        "매출일자",
        "상품코드",
        "지점",
        "중분류",
        "상품명",
        "수량",
        "총매출액",
        "할인액",
        "실매출액",
        "가액",
        "부가세",
    )
    assert (tapshop["amount"], tapshop["store"], tapshop["time"]) == ("실매출액", "지점", "매출일자")
    smartstore = found("상품주문번호", "주문번호", "주문상태", "결제일", "상품명", "수량", "최종 상품별 총 주문금액", "구매자명", "구매자ID", "구매자연락처", "수취인명", "수취인연락처1", "주문일시")  # fmt: skip
    assert (smartstore["receipt"], smartstore["line"], smartstore["phone"]) == (
        "주문번호",
        "상품주문번호",
        "구매자연락처",
    )
    assert (smartstore["amount"], smartstore["customer_name"]) == ("최종 상품별 총 주문금액", "구매자명")
    assert "구매자ID" not in smartstore.values()
    erp = found(
        "그룹명", "품목코드", "품목명", "주문번호", "판매점", "고객명", "판매일자", "수량", "매출액", "실매출액"
    )
    assert (erp["amount"], erp["customer_name"], erp["store"]) == ("실매출액", "고객명", "판매점")


def test_units_and_marks_in_titles_do_not_matter() -> None:
    assert found("판매 일시", "영수증 번호", "금액(원)", " Unit_Price ")["amount"] == "금액(원)"


def test_a_name_never_becomes_a_number_of_a_member() -> None:
    assert "member_no" not in found("판매일시", "영수증번호", "회원명", "금액")


def test_what_is_missing_is_told() -> None:
    assert columns.recognise(["판매일시", "영수증번호", "포스번호", "판매타입", "매장명"]).missing == ["amount"]
    assert columns.recognise(["상품명", "금액"]).missing == ["time", "receipt"]
    assert columns.missing_fields({"business_date": 0, "receipt": 1, "unit_price": 2}) == []


def test_hand_mapping_by_name_letter_and_number() -> None:
    header = ("언제", "몇번", "얼마", "2")
    assert columns.mapped_by_hand(header, {"time": "언제", "receipt": "B", "amount": "3", "name": ""}) == {
        "time": 0, "receipt": 1, "amount": 2,
    }  # fmt: skip
    # A column that is called "2" is meant by its name.
    assert columns.mapped_by_hand(header, {"line": "2"}) == {"line": 3}


@pytest.mark.parametrize(
    ("choices", "code"),
    [({"colour": "언제"}, "unknown_field"), ({"time": "어디"}, "unknown_column"), ({"time": "Z"}, "unknown_column"),
     ({"time": "언제", "receipt": "A"}, "column_twice")],
)  # fmt: skip
def test_a_wrong_hand_mapping_is_declined(choices: dict[str, str], code: str) -> None:
    with pytest.raises(FileProblem) as raised:
        columns.mapped_by_hand(("언제", "몇번"), choices)
    assert raised.value.code == code


def test_next_months_header_has_the_same_signature() -> None:
    assert columns.header_signature(["판매일시", "금액"]) == columns.header_signature([" 판매 일시", "금액", ""])
    assert columns.header_signature(["판매일시", "금액"]) != columns.header_signature(["금액", "판매일시"])


def test_column_letters() -> None:
    assert [columns.column_letter(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
