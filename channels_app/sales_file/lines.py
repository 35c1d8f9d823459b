"""One row of the file becomes one line of a receipt, or is refused with its reason.

Pure. What a row says about sale or refund is decided here; what the receipt as a whole says, in receipts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

from channels_app.sales_file import values
from channels_app.sales_file.reasons import RowProblem
from customers.incoming import DEFAULT_CURRENCY

SALE, REFUND = "sale", "refund"
SALE_WORDS = {
    "", "판매", "판매(반)", "정상", "정상판매", "매출", "승인", "결제", "완료", "결제완료", "판매완료", "거래완료", "구매확정",
    "배송완료", "배송중", "발송대기", "발송완료", "배송준비", "상품준비", "신규주문", "신용승인", "현금", "카드", "교환", "취소철회", "반품철회",
    "취소거부", "반품거부", "반품취소", "n", "no", "x", "아니오", "0", "false", "sale", "sold", "paid", "completed", "complete", "payment",
}  # fmt: skip
REFUND_WORDS = {
    "전취",
    "y",
    "yes",
    "o",
    "예",
    "1",
    "true",
    "void",
    "voided",
    "cancelled",
    "canceled",
    "return",
    "returned",
    "refund",
    "refunded",
}
REFUND_PARTS = ("반품", "환불", "취소")
# Asked for and not done yet: the sale still stands.
PENDING_PARTS = ("요청", "접수", "진행", "처리중")
UNPAID_WORDS = {"결제대기", "입금대기", "미결제", "미입금", "결제전", "unpaid", "pending"}
OPTION_MARKS = ("┗", "└", "↳", "∟")
TOTAL_ROW = re.compile(r"(합계|소계|총계|누계|월계|일계|subtotal|grandtotal|total)[:)]*$", re.IGNORECASE)
BAD_DEBT = re.compile(r"bad\s*debt|대손", re.IGNORECASE)


class Line(msgspec.Struct, kw_only=True):
    """One item of a receipt as the file tells it; amounts with the file's own sign."""

    row: int
    cells: list[str]
    key: str
    day: str
    receipt: str
    register: str
    store: str
    kind: str
    is_cancelled: bool  # a sale whose order was cancelled afterwards, told in one row
    time: datetime
    line_no: str
    sku: str
    name: str
    quantity: Decimal
    unit_price: Decimal | None
    amount: Decimal
    amount_is_told: bool
    member_no: str
    customer_name: str
    phone: str
    email: str
    staff: str
    original_receipt: str
    points: Decimal | None
    unused: list[str]  # fields that name somebody in a way that identifies nobody (masked, no number)
    options: list[str] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How the rows of one file are to be read. Everything that decides about ids and contents is here."""

    columns: Mapping[str, int]
    zone: ZoneInfo
    currency: str = DEFAULT_CURRENCY
    store: str = ""  # slug for rows that name none
    store_names: Mapping[str, str] = field(default_factory=dict)  # values.key_part(name) → slug
    date_order: str = ""  # "", "dmy", "mdy"
    refund_prefix: str = ""  # receipts that begin with it are refunds
    receipts_repeat: bool = False  # the same number comes again on one day: two tills and no column to tell


def is_total_row(cells: list[object], rules: Rules) -> bool:
    """Says whether the row is a 합계 or 소계: no date or no receipt, and a word for a sum."""
    told = [rules.columns[name] for name in ("time", "business_date", "receipt") if name in rules.columns]
    cut = [cell for index in told if (cell := _cell(cells, index)) is not None and not values.is_nothing(cell)]
    if len(cut) == len(told) and not any(TOTAL_ROW.search(_squeezed(cell)) for cell in cut):
        return False
    return any(isinstance(cell, str) and TOTAL_ROW.search(_squeezed(cell)) for cell in cells)


def _squeezed(cell: object) -> str:
    return values.text(cell, limit=40).replace(" ", "")


def _cell(cells: list[object], index: int | None) -> object:
    return cells[index] if index is not None and index < len(cells) else None


def option_name(cells: list[object], rules: Rules) -> str:
    """Returns what an option row (`┗ 샷추가`) adds to the item before it, "" for any other row.

    An option with an amount of its own is an item.
    """
    name = values.text(_cell(cells, rules.columns.get("name")))
    if not name.startswith(OPTION_MARKS):
        return ""
    for told in ("amount", "unit_price"):
        if values.number(_cell(cells, rules.columns.get(told)), field=told):
            return ""
    return name.lstrip("".join(OPTION_MARKS)).strip()


def receipt_key(cells: list[object], rules: Rules) -> tuple[str, str, datetime]:
    """Returns the key of the receipt that the row belongs to, its day, and the row's instant.

    Store, register, receipt and day; with the time of day where numbers repeat within a day. Codes count
    without leading zeros, for Excel eats them.
    """

    def cell(name: str) -> object:
        return _cell(cells, rules.columns.get(name))

    sold_at = cell("time") if "time" in rules.columns else cell("business_date")
    instant = values.moment(sold_at, zone=rules.zone, clock=cell("clock"), date_order=rules.date_order)
    local = instant.astimezone(rules.zone)
    day = local
    if not values.is_nothing(cell("business_date")):
        day = values.moment(cell("business_date"), zone=rules.zone, date_order=rules.date_order).astimezone(rules.zone)
        if "clock" in rules.columns and "time" not in rules.columns and local.hour < 6:
            # 영업일자 with a clock of 01:30: the shop was open past midnight.
            instant += timedelta(days=1)
    receipt = values.receipt_number(cell("receipt"))
    if not receipt:
        raise RowProblem("no_receipt")
    parts = [
        f"{day:%Y-%m-%d}" + (f"T{local:%H%M%S}" if rules.receipts_repeat else ""),
        _store(cell("store"), rules),
        values.key_part(values.receipt_number(cell("register"))) if "register" in rules.columns else "",
        values.key_part(receipt),
    ]
    # A mark inside a part must not shift the parts.
    key = "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)
    return key, f"{day:%Y-%m-%d}", instant


def _store(cell: object, rules: Rules) -> str:
    name = values.text(cell, limit=100)
    if not name:
        if not rules.store and "store" in rules.columns:
            raise RowProblem("no_store_in_row")
        return rules.store
    slug = rules.store_names.get(values.key_part(name), "")
    if not slug:
        raise RowProblem("store_not_known", value=name)
    return slug


def read_line(row: int, cells: list[object], rules: Rules) -> Line:
    """Returns the row as a line of its receipt. Raises RowProblem."""

    def cell(name: str) -> object:
        return _cell(cells, rules.columns.get(name))

    if any(isinstance(value, str) and "\ufffd" in value for value in cells):
        raise RowProblem("unreadable")
    key, day, instant = receipt_key(cells, rules)
    told, cancelled = _kind(cell("kind"), cell("status"))
    receipt = values.receipt_number(cell("receipt"))
    prefix = rules.refund_prefix.casefold()
    if prefix and not told and re.match(re.escape(prefix) + r"\d", receipt.casefold()):
        told = REFUND
    quantity = values.number(cell("quantity"), field="quantity")
    unit_price = values.number(cell("unit_price"), field="unit_price")
    amount = values.number(cell("amount"), field="amount")
    if amount is None and (unit_price is None or (quantity is None and "quantity" in rules.columns)):
        raise RowProblem("no_amount")
    count = Decimal(1) if quantity is None else quantity
    if cancelled and (count < 0 or (amount or 0) < 0):
        # The cancellation has a row of its own, with its own sign.
        told, cancelled = REFUND, False
    who = {
        "member_no": values.person_code(cell("member_no")),
        "phone": values.phone(cell("phone")),
        "email": values.email(cell("email")),
    }
    return Line(
        row=row,
        cells=[values.text(value, limit=500) for value in cells],
        key=key,
        day=day,
        receipt=receipt,
        register=values.receipt_number(cell("register")),
        store=_store(cell("store"), rules),
        kind=told or (REFUND if count < 0 else SALE),
        is_cancelled=cancelled,
        time=instant,
        line_no=values.receipt_number(cell("line")),
        sku=values.receipt_number(cell("sku")),
        name=values.text(cell("name")).lstrip("".join(OPTION_MARKS)).strip(),
        quantity=count,
        unit_price=unit_price,
        amount=(amount if amount is not None else count * (unit_price or 0)).quantize(values.CENT),
        amount_is_told=amount is not None,
        member_no=who["member_no"],
        customer_name=values.person_name(cell("customer_name")),
        phone=who["phone"],
        email=who["email"],
        unused=[name for name, value in who.items() if not value and not values.is_nobody(cell(name))],
        staff=values.text(cell("staff"), limit=100),
        original_receipt=values.receipt_number(cell("original_receipt")),
        points=values.number(cell("points"), field="points"),
    )


def _kind(kind_cell: object, status_cell: object) -> tuple[str, bool]:
    """Returns (what the row says it is or "", whether its order was cancelled)."""
    kind = _word(kind_cell)
    told = _meaning(kind, kind_cell) if kind else ""
    cancelled = False
    if status := _word(status_cell):
        cancelled = _meaning(status, status_cell) == REFUND
    return told, cancelled and told != REFUND


def _word(cell: object) -> str:
    return "" if values.is_nothing(cell) else values.text(cell, limit=40).replace(" ", "").casefold()


def _meaning(word: str, cell: object) -> str:
    if word in UNPAID_WORDS:
        raise RowProblem("not_paid", value=values.text(cell, limit=40))
    if word in SALE_WORDS or any(part in word for part in PENDING_PARTS):
        return SALE
    if word in REFUND_WORDS or any(part in word for part in REFUND_PARTS):
        return REFUND
    raise RowProblem("unknown_kind", value=values.text(cell, limit=40))
