"""Who of many is asked: decided by what it is about, so that asking twice decides the same. Pure."""

from __future__ import annotations

import hashlib


def is_sampled(occasion: str, cause: str, percent: int) -> bool:
    drawn = hashlib.blake2b(f"{occasion}:{cause}".encode(), digest_size=4).digest()
    return int.from_bytes(drawn, "big") % 100 < percent
