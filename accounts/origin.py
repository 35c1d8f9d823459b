"""Where the present request came from: address and request id, for the audit trail.

A context variable, so that actions need no request; it is empty in commands and tasks.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import ip_address


@dataclass(frozen=True, slots=True)
class Origin:
    ip: str | None = None
    request_id: str = ""


NOWHERE = Origin()

_origin: ContextVar[Origin] = ContextVar("accounts_origin")


def current_origin() -> Origin:
    return _origin.get(NOWHERE)


@contextmanager
def origin(*, ip: str | None, request_id: str) -> Iterator[None]:
    """Everything audited inside comes from this address. An address that is none is left out."""
    token = _origin.set(Origin(normal_ip(ip), request_id[:100]))
    try:
        yield
    finally:
        _origin.reset(token)


def normal_ip(value: str | None) -> str | None:
    """Returns the address in its one spelling, or None; both databases must store what was hashed."""
    try:
        address = ip_address((value or "").strip())
    except ValueError:
        return None
    if address.version == 6 and address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(address)
