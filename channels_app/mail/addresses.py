"""Mail addresses as a mail server takes them, and the part behind a plus by which an answer finds its conversation."""

from __future__ import annotations

from uuid import UUID

from channels_app.deliveries.adapter import DeliveryFailed
from cxhub.identifiers import is_uuid

LONGEST_LOCAL_PART = 64  # RFC 5321


def ascii_address(address: str) -> str:
    """The address with its domain in ASCII. Raises DeliveryFailed where a server without SMTPUTF8 cannot take it."""
    local, _at, domain = address.rpartition("@")
    try:
        written = f"{local}@{domain.encode('idna').decode('ascii')}"
        written.encode("ascii")
    except UnicodeError as error:
        raise DeliveryFailed("bad_address", type(error).__name__, is_permanent=True) from error
    return written


def plus_address(address: str, key: str) -> str:
    """help@shop.example and a key: help+<key>@shop.example; the address itself where that would be too long."""
    local, _at, domain = address.rpartition("@")
    marked = f"{local}+{key}"
    return f"{marked}@{domain}" if len(marked) <= LONGEST_LOCAL_PART else address


def without_plus(address: str) -> tuple[str, UUID | None]:
    """The address it was written to, and the key behind the plus if there is one."""
    local, _at, domain = address.rpartition("@")
    name, plus, key = local.partition("+")
    return f"{name}@{domain}", UUID(key) if plus and len(key) == 32 and is_uuid(key) else None
