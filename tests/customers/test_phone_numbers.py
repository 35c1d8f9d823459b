"""What phone_numbers makes of numbers as people, tills and exchanges write them (KOREA.md §2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.phone_numbers import PhoneKind, format_phone, last4, mask_phone, parse_phone


@pytest.mark.parametrize(
    "typed",
    [
        "010-0000-5678",
        "01000005678",
        " 010 0000 5678 ",
        "010.0000.5678",
        "010‑0000–5678",
        "+82 10-0000-5678",
        "+821000005678",
        "+82 010-0000-5678",
        "+82(0)10-0000-5678",
        "82-10-0000-5678",
        "821000005678",
        "0082-10-0000-5678",
        "001-82-10-0000-5678",
        "1000005678",  # a spreadsheet ate the 0
        "０１０-００００-５６７８",
        "０１０－００００－５６７８",
        "tel:+82-10-0000-5678",
        "\u202a010-0000-5678\u202c",  # as copied from a phone's address book
    ],
)
def test_one_mobile_in_many_ways(typed: str) -> None:
    phone = parse_phone(typed)
    assert (phone.kind, phone.e164) == (PhoneKind.MOBILE, "+821000005678")
    assert phone.identifies


@pytest.mark.parametrize(
    ("typed", "kind", "e164"),
    [
        ("011-000-4567", PhoneKind.MOBILE, "+82110004567"),  # kept as it is: no conversion to 010
        ("011-234-4567", PhoneKind.MOBILE, "+82112344567"),
        ("016-234-4567", PhoneKind.MOBILE, "+82162344567"),
        ("02-2345-6789", PhoneKind.FIXED, "+82223456789"),
        ("(031) 234-5678", PhoneKind.FIXED, "+82312345678"),
        ("070-2345-6789", PhoneKind.FIXED, "+827023456789"),
        ("010-5981-0000", PhoneKind.MOBILE, "+821059810000"),  # the library says there is none
        ("+1 415-555-2671", PhoneKind.MOBILE, "+14155552671"),
        ("+81 90-1234-5678", PhoneKind.MOBILE, "+819012345678"),
    ],
)
def test_other_numbers(typed: str, kind: PhoneKind, e164: str) -> None:
    assert parse_phone(typed)[:2] == (kind, e164)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("010-****-5678", PhoneKind.MASKED),
        ("010-1234-****", PhoneKind.MASKED),
        ("010-＊＊＊＊-5678", PhoneKind.MASKED),
        ("010-xxxx-5678", PhoneKind.MASKED),
        ("010●●●●5678", PhoneKind.MASKED),
        ("anonymous", PhoneKind.WITHHELD),
        ("Anonymous", PhoneKind.WITHHELD),
        ("발신번호 표시제한", PhoneKind.WITHHELD),
        ("-", PhoneKind.WITHHELD),
        ("", PhoneKind.WITHHELD),
        ("0507-1234-5678", PhoneKind.SAFE),
        ("050719003814", PhoneKind.SAFE),
        ("0505-123-4567", PhoneKind.SAFE),
        ("+82 507-1234-5678", PhoneKind.SAFE),
        ("1588-1234", PhoneKind.COMPANY),
        ("16611234", PhoneKind.COMPANY),
        ("1899-0000", PhoneKind.COMPANY),
        ("+82 1588-1234", PhoneKind.COMPANY),
        ("080-123-4567", PhoneKind.COMPANY),
        ("060-700-1234", PhoneKind.COMPANY),
        ("+1 800-555-1234", PhoneKind.COMPANY),
        ("119", PhoneKind.COMPANY),
        ("5678", PhoneKind.INVALID),
        ("abc", PhoneKind.INVALID),
        ("xxx", PhoneKind.INVALID),
        ("010-123-4567", PhoneKind.INVALID),
        ("010-1234-56789", PhoneKind.INVALID),
        ("010-1234-5678/010-2345-6789", PhoneKind.INVALID),
        ("010-1234-5678 엄마", PhoneKind.INVALID),
        ("14155552671", PhoneKind.INVALID),
        ("0" * 5000, PhoneKind.INVALID),
    ],
)
def test_what_identifies_nobody(typed: str, kind: PhoneKind) -> None:
    phone = parse_phone(typed)
    assert (phone.kind, phone.e164, phone.identifies) == (kind, "", False)
    assert last4(typed) == ""


@pytest.mark.parametrize(
    ("number", "shown", "masked"),
    [
        ("+821000005678", "010-0000-5678", "010-****-5678"),
        ("+82112344567", "011-234-4567", "011-***-4567"),
        ("+82223456789", "02-2345-6789", "02-****-6789"),
        ("050719003814", "0507-1900-3814", "0507-****-3814"),
        ("05051234567", "0505-123-4567", "0505-***-4567"),
        ("15881234", "1588-1234", "1588-1234"),
        ("+14155552671", "+1 415-555-2671", "+1 ***-***-2671"),
        ("010-1234-****", "010-1234-****", "010-****-****"),
        ("anonymous", "anonymous", "anonymous"),
        ("abc", "abc", "***"),
    ],
)
def test_showing(number: str, shown: str, masked: str) -> None:
    assert format_phone(number) == shown
    assert mask_phone(number) == masked


def test_last_four() -> None:
    assert last4("010-0000-5678") == "5678"


@given(st.text(alphabet=st.sampled_from("0123456789+-*xX. ()０１２가a\x00\ud800"), max_size=20) | st.text())
def test_any_text_is_safe(typed: str) -> None:
    phone = parse_phone(typed)
    assert phone.identifies == (phone.kind in (PhoneKind.MOBILE, PhoneKind.FIXED))
    if phone.identifies:
        assert parse_phone(phone.e164) == phone  # what is stored reads as the same number
        assert parse_phone(format_phone(phone.e164)) == phone
        assert mask_phone(typed)[-4:] == phone.e164[-4:]
    format_phone(typed)
    mask_phone(typed)


@given(st.from_regex(r"\A010[0-9]{8}\Z"))
def test_every_writing_of_a_mobile_agrees(digits: str) -> None:
    dashed = f"{digits[:3]}-{digits[3:7]}-{digits[7:]}"
    written = {digits, dashed, "+82" + digits[1:], digits[1:], "82" + digits[1:], dashed.replace("-", " ")}
    assert {parse_phone(one).e164 for one in written} == {"+82" + digits[1:]}
