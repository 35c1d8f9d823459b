"""JSON as it arrives: read, made plain, and written for keeping.

Plain means: NFC, no control characters but tab and line feed, finite numbers below 2^63, a bounded depth. What cannot
be made so without loss (NUL, half a surrogate pair, NaN) is refused by name. Knows nothing of events.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from typing import Any

import msgspec

from channels_app.problems import Problem, Refused, shorten

MAX_DEPTH = 20  # levels below the value cleaned: the deepest documented field lies at 4
_INTEGER_LIMIT = 2**63

_LINE_END = re.compile(r"\r\n?")
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")

# As the encoder writes them: \u00.. and \r need cleaning, \n and \t do not.
_ESCAPED = re.compile(rb"\\(?:u00|[rbf])")
_C1_CONTROL = re.compile(rb"\xc2[\x80-\x9f]")
_DIGITS = bytes(ord("0") if chr(byte).isdigit() and byte < 128 else ord(" ") for byte in range(256))
_TOO_MANY_DIGITS = b"0" * 19

_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder().decode


def decode(body: bytes) -> Any:
    """Reads a request body: UTF-8, with or without a BOM.

    Raises `Refused` (`invalid-json`) for what is no JSON. NaN and halves of surrogate pairs, which JSON's grammar or
    senders' libraries let through, are read, so that only the event that holds them is refused (`clean` does it).
    """
    try:
        return _decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    try:
        return json.loads(body.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Refused(Problem("invalid-json", received=where)) from error
    except UnicodeDecodeError as error:
        raise Refused(Problem("invalid-json", received=f"byte {error.start}: 0x{body[error.start]:02x}")) from error
    except (ValueError, RecursionError) as error:
        raise Refused(Problem("invalid-json")) from error


def as_text(value: Any) -> str:
    """Writes decoded JSON for keeping, whatever it holds: ASCII only, so that no database objects to NUL or half a pair.

    `decode` reads it back as it was.
    """
    try:
        return json.dumps(value)
    except (RecursionError, ValueError):
        return json.dumps(shorten(value))


def canonical(value: Any) -> bytes | None:
    """Sorted, compact UTF-8 JSON of a plain value; None where the value is not plain and `clean` must see it first."""
    try:
        written = _encode(value)
    except (UnicodeEncodeError, RecursionError, OverflowError, TypeError, ValueError):
        return None
    if _is_suspicious(written) or written.count(b"{") + written.count(b"[") > MAX_DEPTH:
        return None
    if not written.isascii() and not unicodedata.is_normalized("NFC", written.decode()):
        return None
    return written


def _is_suspicious(written: bytes) -> bool:
    """Whether a second look is needed: for control characters, for `null`, which may stand for NaN, and for 19 digits,
    which may pass the limit. A text that only looks like one of them costs that look, nothing else.

    Byte by byte as C does it: one regular expression for all of this took half of checking an event.
    """
    return (
        b"null" in written
        or b"\x7f" in written
        or (b"\\" in written and _ESCAPED.search(written) is not None)
        or (b"\xc2" in written and _C1_CONTROL.search(written) is not None)
        or _TOO_MANY_DIGITS in written.translate(_DIGITS)
    )


def canonical_of_cleaned(value: Any) -> bytes:
    """As `canonical`, of what `clean` has returned."""
    return _encode(value)


def clean(value: Any, path: str) -> Any:
    """Returns the value made plain. Raises `Refused` naming the field, `path` being where the value stands."""
    return _clean(value, path, MAX_DEPTH)


def _clean(value: Any, path: str, depth: int) -> Any:
    if isinstance(value, str):
        return clean_text(value, path)
    if isinstance(value, dict):
        if depth == 0:
            raise Refused(Problem("too-deep", path[:200], params={"limit": MAX_DEPTH}))
        return {
            _clean_key(key, path): _clean(entry, f"{path}.{key}" if len(path) < 200 else path, depth - 1)
            for key, entry in value.items()
        }
    if isinstance(value, list):
        if depth == 0:
            raise Refused(Problem("too-deep", path[:200], params={"limit": MAX_DEPTH}))
        return [_clean(entry, f"{path}[{place}]", depth - 1) for place, entry in enumerate(value)]
    if isinstance(value, float) and not math.isfinite(value):
        raise Refused(Problem("invalid-number", _shown(path), "finite_number", received=shorten(value)))
    if isinstance(value, int) and not -_INTEGER_LIMIT <= value < _INTEGER_LIMIT:
        raise Refused(Problem("invalid-number", _shown(path), "finite_number", received=shorten(value)))
    return value


def _clean_key(key: object, path: str) -> str:
    return clean_text(key if isinstance(key, str) else str(key), path)


def clean_text(text: str, path: str) -> str:
    """NFC, line ends as LF, other control characters as spaces. Raises `Refused` for NUL and unpaired surrogates."""
    if _UNSTORABLE.search(text):
        raise Refused(Problem("invalid-characters", _shown(path), "plain_characters", received=shorten(text)))
    text = _CONTROL.sub(" ", _LINE_END.sub("\n", text))
    return unicodedata.normalize("NFC", text)


def _shown(path: str) -> str:
    """A path fit for a document: its keys come from outside and may hold anything."""
    return path.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")[:200]
