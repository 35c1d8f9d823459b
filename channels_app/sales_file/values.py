"""What a cell means: texts, numbers, times, phones, numbers of members. Pure; no cell is guessed silently.

A cell is text (CSV) or what a workbook holds: text, number, date, time, nothing.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from math import isfinite
from zoneinfo import ZoneInfo

from channels_app.sales_file.reasons import RowProblem
from customers.email_addresses import normal_email
from customers.phone_numbers import PhoneKind, parse_phone

MAX_TEXT = 300
# Twelve digits before the point: a billion won is ten.
MAX_NUMBER = Decimal(10) ** 12
CENT = Decimal("0.01")
MILL = Decimal("0.0001")

_CURRENCY = re.compile(r"[₩\\$€£¥]|원|krw|usd|gbp|eur|jpy", re.IGNORECASE)
_NUMBER = re.compile(r"^\d{1,3}(,\d{3})+(\.\d+)?$|^\d+(\.\d+)?$|^\.\d+$|^\d(\.\d+)?e[+-]?\d{1,2}$", re.IGNORECASE)
_UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}
_NOTHING = {"", "-", "--", "null", "none", "nan", "n/a", "#n/a", "없음", "미입력"}


def text(cell: object, *, limit: int = MAX_TEXT) -> str:
    """Returns the cell as NFC text on one line, without control characters; `17850.0` becomes `17850`."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    value = unicodedata.normalize("NFC", str(cell))
    if not value.isprintable():
        value = "".join(" " if unicodedata.category(each) in _UNPRINTABLE else each for each in value)
    return " ".join(value.split())[:limit]


def is_nothing(cell: object) -> bool:
    """Says whether the cell is empty or one of the words that programs write for empty."""
    return text(cell).lower() in _NOTHING


def number(cell: object, *, field: str) -> Decimal | None:
    """Returns the number, or None for an empty cell. Raises RowProblem.

    Parentheses, △, ▲ and a minus before or after mean below zero, as in account books.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        value = Decimal(str(cell))
        if not value.is_finite():
            raise RowProblem("bad_number", value=str(cell), field=field)
    else:
        if is_nothing(cell):
            return None
        value = _number_in(text(cell), field=field)
    if abs(value) >= MAX_NUMBER:
        raise RowProblem("too_big_number", value=text(cell, limit=40), field=field)
    return value


def _number_in(shown: str, *, field: str) -> Decimal:
    plain = unicodedata.normalize("NFKC", shown).replace("−", "-").replace("–", "-")
    plain = _CURRENCY.sub("", plain).replace(" ", "").lstrip("'")
    sign = 1
    if plain.startswith("(") and plain.endswith(")"):
        sign, plain = -1, plain[1:-1]
    if plain.startswith(("-", "△", "▲")):
        sign, plain = -sign, plain[1:]
    elif plain.endswith("-"):
        sign, plain = -sign, plain[:-1]
    plain = plain.removeprefix("+")
    if not _NUMBER.match(plain) or not plain.isascii():
        raise RowProblem("bad_number", value=shown[:40], field=field)
    try:
        return sign * Decimal(plain.replace(",", ""))
    except InvalidOperation as error:
        raise RowProblem("bad_number", value=shown[:40], field=field) from error


def plain_number(value: Decimal, *, places: Decimal = CENT) -> int | float:
    """Returns the number as JSON carries it: whole if it is whole, else rounded to `places`."""
    rounded = value.quantize(places)
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)


# ── times ────────────────────────────────────────────────────────────────────────────────────────

_KOREAN_DATE = re.compile(r"(\d{2,4})\s*년\s*(\d{1,2})\s*월\s*(\d{1,2})\s*일")
_WEEKDAY = re.compile(r"\s*\(?[월화수목금토일](요일)?\)(?=\s|$)|\s*[월화수목금토일]요일")
_YEAR_FIRST = re.compile(r"^(\d{4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})\.?(?:[ T]+(.+))?$")
_YEAR_LAST = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[ T]+(.+))?$")
_SHORT_YEAR = re.compile(r"^(\d{2})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]+(.+))?$")
_COMPACT = re.compile(r"^((?:19|20)\d{2})(\d{2})(\d{2})(?:[ T]?(\d{2})(\d{2})(\d{2})?)?$")
_CLOCK = re.compile(
    r"^(오전|오후|am|pm)?\s*(\d{1,2})(?::|시\s*)(\d{1,2})?(?:(?::|분\s*)(\d{1,2})?(?:\.\d+)?초?)?분?\s*(am|pm)?$",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"^\d{5}(\.\d+)?$")
# 1982 to 2119: what an Excel serial may be without being taken for something else.
_SERIALS = range(30_000, 80_000)
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a wall clock; the zone is put on at the end


def moment(cell: object, *, zone: ZoneInfo, clock: object = None, date_order: str = "") -> datetime:
    """Returns the instant in UTC. `clock` is the cell of a separate time column, if there is one.

    A time without offset is the wall clock in `zone`; of an hour that happens twice the first is meant.
    `date_order` ("dmy" or "mdy") decides 03/04/2026. Raises RowProblem.
    """
    shown = text(cell, limit=40)
    local = _wall_clock(cell, date_order=date_order)
    if not is_nothing(clock):
        local = datetime.combine(local.date(), _clock_of(clock))
    if local.tzinfo is not None:
        return local.astimezone(UTC)
    instant = local.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local:
        raise RowProblem("no_such_time", value=shown, zone=str(zone))
    return instant


def _wall_clock(cell: object, *, date_order: str) -> datetime:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    if is_nothing(cell):
        raise RowProblem("no_time")
    if isinstance(cell, int | float) and isfinite(cell) and int(cell) in _SERIALS:
        return _serial(float(cell))
    shown = unicodedata.normalize("NFKC", text(cell, limit=60)).lstrip("'")
    try:
        found = _wall_clock_in(shown, date_order=date_order)
    except (ValueError, OverflowError) as error:
        raise RowProblem("bad_time", value=shown[:40]) from error
    # A year out of this is a number that only looks like a date.
    if found is None or not 1980 <= found.year <= 2100:
        raise RowProblem("bad_time", value=shown[:40])
    return found


def _wall_clock_in(shown: str, *, date_order: str) -> datetime | None:
    if _SERIAL.match(shown) and int(float(shown)) in _SERIALS:
        return _serial(float(shown))
    plain = _WEEKDAY.sub("", _KOREAN_DATE.sub(r"\1-\2-\3 ", shown)).strip()
    if match := _COMPACT.match(plain.removesuffix(".0")):
        return datetime(*(int(part) for part in match.groups() if part))  # type: ignore[arg-type]  # noqa: DTZ001
    if match := _YEAR_FIRST.match(plain):
        year, month, day = (int(part) for part in match.groups()[:3])
        return _joined(year, month, day, match[4], plain)
    if match := _YEAR_LAST.match(plain):
        first, second, year = (int(part) for part in match.groups()[:3])
        month, day = _month_and_day(first, second, date_order, shown)
        return _joined(year, month, day, match[4], plain)
    if match := _SHORT_YEAR.match(plain):
        year, month, day = (int(part) for part in match.groups()[:3])
        return _joined(2000 + year, month, day, match[4], plain)
    return None


def _joined(year: int, month: int, day: int, clock: str | None, plain: str) -> datetime:
    start = datetime(year, month, day)  # noqa: DTZ001
    if not clock:
        return start
    if clock.endswith("Z") or re.search(r"[+-]\d{2}:?\d{2}$", clock):
        return datetime.fromisoformat(plain.replace("/", "-").replace(".", "-", 2))
    return datetime.combine(start.date(), _clock_of(clock))


def _month_and_day(first: int, second: int, date_order: str, shown: str) -> tuple[int, int]:
    if date_order == "mdy" or (not date_order and second > 12):
        return first, second
    if date_order == "dmy" or first > 12 or first == second:
        return second, first
    raise RowProblem("day_or_month_first", value=shown[:40])


def _serial(value: float) -> datetime:
    # Excel stores days; a second is about 0.0000116 of one, so rounding to it loses nothing that was typed.
    return _EPOCH + timedelta(seconds=round(value * 86_400))


def _clock_of(cell: object) -> time:
    if isinstance(cell, datetime):
        return cell.time()
    if isinstance(cell, time):
        return cell
    if isinstance(cell, float) and 0 <= cell < 1:
        return _serial(cell).time()
    shown = unicodedata.normalize("NFKC", text(cell, limit=40)).lstrip("'").strip()
    if re.fullmatch(r"\d{3,6}", shown):
        # 1739, 173929, and 91503 or 905 where the leading zero was eaten.
        digits = shown.zfill(4 if len(shown) <= 4 else 6)
        shown = ":".join(re.findall("..", digits))
    match = _CLOCK.match(shown)
    if not match:
        raise RowProblem("bad_time", value=shown[:40])
    half = (match[1] or match[5] or "").lower()
    hour, minute, second = int(match[2]), int(match[3] or 0), int(match[4] or 0)
    if half in {"오후", "pm"} and hour < 12:
        hour += 12
    elif half in {"오전", "am"} and hour == 12:
        hour = 0
    try:
        return time(hour, minute, second)
    except ValueError as error:
        raise RowProblem("bad_time", value=shown[:40]) from error


# ── who and what ─────────────────────────────────────────────────────────────────────────────────

_ANONYMOUS = {"비회원", "일반", "일반고객", "비회원고객", "현금고객", "손님", "guest", "anonymous", "walk-in", "walkin"}


def person_code(cell: object) -> str:
    """Returns a member number as text, "" where the cell names nobody (비회원, 0, a masked one)."""
    code = _whole(text(cell, limit=100))
    return "" if is_nobody(code) or "*" in code else code


def is_nobody(cell: object) -> bool:
    """Says whether the cell is empty or a till's word for a customer it does not know."""
    shown = text(cell, limit=40).lower()
    return shown in _NOTHING or shown.replace(" ", "") in _ANONYMOUS or not shown.strip("0-.")


def person_name(cell: object) -> str:
    """Returns the name, "" where it is a word for nobody."""
    name = text(cell, limit=100)
    return "" if is_nobody(name) else name


def phone(cell: object) -> str:
    """Returns the number with the zero that Excel ate, a masked one as it stands, "" where it cannot be one.

    A masked, safe or company number goes along: the door keeps it on the event and never identifies by it.
    """
    shown = _whole(text(cell, limit=60)).lstrip("'")
    known = parse_phone(shown)
    # 010-0000-0000 is what a till is told where it insists on a number.
    if known.kind in {PhoneKind.INVALID, PhoneKind.WITHHELD} or re.fullmatch(r"01[016789]0{7,8}|0+", known.digits):
        return ""
    return known.digits or shown


def email(cell: object) -> str:
    """Returns the address, a masked one too (the door never identifies by it), "" where it is none."""
    return normal_email(text(cell, limit=320))


def receipt_number(cell: object) -> str:
    """Returns the receipt number as it stands in the file, without the `.0` of a number cell."""
    shown = _whole(text(cell, limit=100)).lstrip("'")
    return "" if is_nothing(shown) else shown


def key_part(shown: str) -> str:
    """Returns what two spellings of one code have in common: letter case, leading zeros, spaces do not count."""
    folded = unicodedata.normalize("NFKC", shown).casefold().replace(" ", "")
    return folded.lstrip("0") or "0" if folded.isdigit() else folded


def _whole(shown: str) -> str:
    return shown[:-2] if re.fullmatch(r"\d+\.0", shown) else shown
