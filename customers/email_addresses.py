"""Mail addresses as identities: checked by form, compared in lower case.

Refuses masked addresses: `ab***@shop.example` stands for many people.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

EMAIL_LENGTH = 254  # characters, RFC 5321

_LABEL = r"[^\W_](?:[^\W_]|-){0,62}"
_ADDRESS = re.compile(rf"[^\s@<>()\[\],;:\\\"]{{1,64}}@(?:{_LABEL}\.)+{_LABEL}")


@lru_cache(maxsize=8192)
def normal_email(typed: str) -> str:
    """The address trimmed, in NFC and lower case; "" where it is none."""
    if len(typed) > EMAIL_LENGTH + 20:
        return ""
    address = unicodedata.normalize("NFC", typed.strip()).lower()
    fits = len(address) <= EMAIL_LENGTH and address.isprintable()
    return address if fits and _ADDRESS.fullmatch(address) else ""


def is_masked_email(address: str) -> bool:
    return "*" in address
