"""Public identifiers: opaque to people, sorted by time for the indexes.

Integers stay inside; whatever leaves the hub is one of these.
"""

from uuid import UUID

from uuid_utils import compat


def uuid7() -> UUID:
    """Return a new UUIDv7 (standard library type), growing within this process even in the same millisecond."""
    return compat.uuid7()


def is_uuid(text: str) -> bool:
    """Say whether a text is a UUID, with or without dashes."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
