"""Bytes to text as Korean mails need it: many programs name EUC-KR and write CP949, or name nothing at all."""

from __future__ import annotations

from email.errors import HeaderParseError
from email.header import decode_header

# CP949 holds all of EUC-KR, and the 8,822 syllables that EUC-KR lacks (뷁, 똠).
_KOREAN = {
    "euc-kr",
    "euckr",
    "ks_c_5601-1987",
    "ks_c_5601-1989",
    "ks_c_5601",
    "ksc5601",
    "ksc_5601",
    "ks-c-5601-1987",
    "korean",
    "iso-ir-149",
    "cp949",
    "ms949",
    "uhc",
    "windows-949",
    "x-windows-949",
}


def decoded(content: bytes, charset: str) -> str:
    """The text, whatever its charset is called; what cannot be read becomes a mark and never an error."""
    told = charset.strip().strip("\"'").lower()
    for name in dict.fromkeys(["cp949" if told in _KOREAN else told, "utf-8", "cp949"]):
        try:
            return content.decode(name)
        except (LookupError, UnicodeError, ValueError):
            continue
    known = "cp949" if told in _KOREAN else "utf-8"
    return content.decode(known, "replace")


def header_text(raw: object) -> str:
    """A header's value as a person reads it, in one line."""
    value = str(raw).replace("\r", "").replace("\n", "")
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError):
        parts = [(value, None)]
    text = "".join(decoded(_bytes(part), charset or "us-ascii") for part, charset in parts)
    return " ".join(text.split())


def _bytes(part: str | bytes) -> bytes:
    """Bytes that stood in a header unencoded come back as they were."""
    return part if isinstance(part, bytes) else part.encode("utf-8", "surrogateescape")
