"""Where in a list a page ended: the stretch, the instant it is sorted by, and the key, as a short text in an address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds_of(at: datetime) -> int:
    """Since 1970: texts of these sort as the instants do."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def write_cursor(letter: str, at: datetime, pk: int) -> str:
    return f"{letter}.{microseconds_of(at)}.{pk}"


def read_cursor(cursor: str) -> tuple[str, tuple[datetime, int] | None]:
    """The stretch and where it goes on; ("", None) for what is no cursor."""
    letter, _, rest = cursor.partition(".")
    microseconds, _, pk = rest.partition(".")
    # isascii too: "²" is a digit that int() refuses. 17 digits end beyond the year 5000.
    if not (rest.isascii() and microseconds.isdigit() and pk.isdigit() and len(microseconds) <= 17 and len(pk) <= 18):
        return "", None
    try:
        return letter, (_EPOCH + timedelta(microseconds=int(microseconds)), int(pk))
    except OverflowError:
        return "", None
