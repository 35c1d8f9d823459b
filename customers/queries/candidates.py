# ruff: noqa: S608 - put together here of constants and places for values
"""The rows that a look-up may mean, straight from the indexes. Plain statements: they answer while somebody types.

A part is what one index holds: at most `CANDIDATES` rows and one more, which says that there are others. All parts of
a search travel in one statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any, NamedTuple

from django.db import connection

from customers import hangul
from customers.names import NameQuery
from cxhub.plain_sql import fetch_binary, marks

CANDIDATES = 100
# Newest events among whose customers a common name is looked for first: a busy day of a shop.
RECENT_EVENTS = 200
CLAIMANTS = 20
_LAST = "\U0010ffff"
# Before every instant, on both databases.
_NEVER = "'0001-01-01 00:00:00+00'"


class Candidate(NamedTuple):
    """One row, and when it was last seen: to compare, not to show, as SQLite gives text.

    Of a row that was merged away, `merged_into_id` is its group's root.
    """

    part: str
    pk: int
    merged_into_id: int | None
    name: str
    last_seen: datetime | str


@dataclass(frozen=True, slots=True)
class Part:
    """Its rows come back under `label`. `after` is all that follows the selected columns."""

    label: str
    after: str
    values: tuple[Any, ...]


def candidates(parts: Sequence[Part]) -> list[Candidate]:
    """The rows of all parts. One statement; none where there is no part."""
    if not parts:
        return []
    columns = f"c.id, c.merged_into_id, c.name, coalesce(c.last_seen_at, {_NEVER})"
    # Each in brackets of its own: SQLite takes an order and a limit inside a union in no other way.
    statement = " UNION ALL ".join(
        f"SELECT * FROM (SELECT '{part.label}', {columns} {part.after}) AS {part.label}" for part in parts
    )
    values = [value for part in parts for value in part.values]
    return list(map(Candidate._make, fetch_binary(statement, values)))


_OF_IDENTITY = (
    "FROM customers_identity i JOIN customers_customer c ON c.id = i.customer_id WHERE i.organization_id = %s"
)
_OF_CLAIM = "FROM customers_claim k JOIN customers_customer c ON c.id = k.customer_id WHERE k.organization_id = %s"
_NAMED = "FROM customers_customer c WHERE c.organization_id = %s AND NOT (c.is_unconfirmed AND c.event_count = 0)"
_LIMIT = f"LIMIT {CANDIDATES + 1}"
_NEWEST = f"FROM customers_event WHERE organization_id = %s ORDER BY time DESC, id DESC LIMIT {RECENT_EVENTS}"


def _begins(column: str) -> str:
    """A range of a column in the order of which rows are asked for: takes where it begins and where it ends."""
    # The end is a pair with a key that no row has. Of two plain bounds, a statement that is planned once for all names
    # takes for granted that next to nobody is between them: it would read and sort them all. Of this pair it expects
    # nothing, and walks the index as far as the limit (two initials among 50,000 customers: 0.1 ms instead of 1.4).
    key = "i.id" if column.startswith("i.") else "c.id"
    return f"{column} >= %s AND ({column}, {key}) < (%s, 0)"


def codes(organization_id: int, values: Sequence[str]) -> Part:
    """Whose member number is one of these."""
    after = f"{_OF_IDENTITY} AND i.kind = 'member_no' AND i.account = '' AND i.value IN ({marks(values)}) {_LIMIT}"
    return Part("codes", after, (organization_id, *values))


def owners(organization_id: int, kind: str, value: str) -> Part:
    """Whose phone number or mail address it is."""
    after = f"{_OF_IDENTITY} AND i.kind = %s AND i.account = '' AND i.value = %s {_LIMIT}"
    return Part("owners", after, (organization_id, kind, value))


def claimants(organization_id: int, kind: str, value: str) -> Part:
    """Who only says that this is hers: shown as unconfirmed, unless nothing is left of it."""
    after = f"{_OF_CLAIM} AND k.kind = %s AND k.value = %s AND c.event_count <> 0 ORDER BY k.id DESC LIMIT {CLAIMANTS}"
    return Part("claimants", after, (organization_id, kind, value))


def last_four(organization_id: int, last4: str, *, tail: str = "") -> Part:
    """Whose number ends so; with `tail`, in all of these digits."""
    # The index leaves out who has no number: said again, or a statement that is planned once cannot use it.
    after = f"{_OF_IDENTITY} AND i.last4 = %s AND NOT i.last4 = ''"
    if tail:
        return Part("tail", f"{after} AND i.value LIKE %s {_LIMIT}", (organization_id, last4, f"%{tail}"))
    return Part("tail", f"{after} {_LIMIT}", (organization_id, last4))


def number_beginning(organization_id: int, beginning: str) -> Part:
    """Whose number begins so. Every number begins with +, and digits order alike in every collation."""
    after = f"{_OF_IDENTITY} AND i.kind = 'phone' AND i.account = '' AND {_begins('i.value')}"
    return Part("beginning", f"{after} ORDER BY i.value {_LIMIT}", (organization_id, beginning, beginning + ":"))


def name_beginning(organization_id: int, asked: NameQuery) -> Part:
    """Whose name begins so, as a range: an index can use it on both databases (columns collate by "C")."""
    if not asked.has_initials:
        after = f"{_NAMED} AND {_begins('c.name_nfd')} ORDER BY c.name_nfd {_LIMIT}"
        return Part("beginning", after, (organization_id, asked.nfd, asked.nfd + _LAST))
    after = f"{_NAMED} AND {_begins('c.name_chosung')}"
    values: tuple[Any, ...] = (organization_id, asked.chosung, asked.chosung + _LAST)
    # For 홍ㄱㄷ: only names that begin with 홍, so that the candidates are not used up by other ㅎㄱㄷ.
    if leading := hangul.decompose("".join(takewhile(lambda char: not hangul.is_initial(char), asked.key))):
        after += " AND c.name_nfd >= %s AND c.name_nfd < %s"
        values += (leading, leading + _LAST)
    return Part("beginning", f"{after} ORDER BY c.name_chosung {_LIMIT}", values)


def given_name(organization_id: int, asked: NameQuery) -> Part:
    """Whose given name begins so, which most searches mean; the index counts no letters."""
    given = "substring(c.name, 2)" if connection.vendor == "postgresql" else "substr(c.name, 2)"
    after = f"{_NAMED} AND {_begins(given)} ORDER BY {given} {_LIMIT}"
    return Part("given", after, (organization_id, asked.key, asked.key + _LAST))


def inside_name(organization_id: int, asked: NameQuery) -> Part:
    """Whose name holds it anywhere: for what is rare, since all who fit are read and ordered.

    Without an order the planner may take to scanning.
    """
    after = f"{_NAMED} AND c.name_nfd LIKE %s ORDER BY c.last_seen_at DESC {_LIMIT}"
    return Part("inside", after, (organization_id, f"%{asked.nfd}%"))


def seen_lately(organization_id: int, asked: NameQuery) -> Part:
    """Who of the newest events' customers may bear the name."""
    column, wanted = ("name_chosung", asked.chosung) if asked.has_initials else ("name_nfd", asked.nfd)
    # The inner limit takes nobody away: it keeps the planner from starting with the name.
    theirs = f"SELECT * FROM customers_customer WHERE id IN (SELECT customer_id {_NEWEST}) LIMIT {RECENT_EVENTS}"
    after = f"FROM ({theirs}) AS c WHERE c.{column} LIKE %s"
    return Part("lately", after, (organization_id, f"%{wanted}%"))
