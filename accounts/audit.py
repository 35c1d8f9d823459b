"""Writes and checks the audit trail. The only door to AuditEntry; nothing here changes or removes a row.

Each organization has one chain: an entry's hash covers its content and the hash before it. The head
row is locked until the transaction ends, so record last: what follows makes others wait.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Field, GenericIPAddressField, JSONField
from django.http import HttpRequest
from django.utils.timezone import now

from accounts.actors import Actor
from accounts.models import AuditEntry, AuditHead, Organization, Person
from accounts.origin import current_origin, normal_ip
from cxhub.plain_sql import change, fetch, marks

# Under PostgreSQL the row lock makes the first attempt succeed; SQLite has no row locks, and a caller
# that reads before it writes may lose the race a few times at most.
ATTEMPTS = 5


class AuditChainIsBusy(Exception):
    """The head of the chain kept moving; nothing was written. The caller's transaction must fail."""


def record(
    organization: Organization,
    *,
    by: Actor | None,
    action: str,
    actor: str = "",
    obj: str = "",
    customer_id: UUID | None = None,
    reason: str = "",
    ip: str | None = None,
    request_id: str = "",
    before: Any = None,
    after: Any = None,
    at: datetime | None = None,
) -> AuditEntry:
    """Appends one entry, in the caller's transaction if there is one, and returns it.

    `action` is namespaced: `customers.view`. `before` and `after` are JSON; floats become text.
    Address and request id come from the running request unless given. Without `by`, `actor` names
    who it was: an entry of nobody is a ValueError.
    """
    (entry,) = record_for_customers(
        organization,
        [customer_id],
        by=by,
        action=action,
        actor=actor,
        obj=obj,
        reason=reason,
        ip=ip,
        request_id=request_id,
        before=before,
        after=after,
        at=at,
    )
    return entry


def record_for_customers(
    organization: Organization,
    customer_ids: Iterable[UUID | None],
    *,
    by: Actor | None,
    action: str,
    actor: str = "",
    obj: str = "",
    reason: str = "",
    ip: str | None = None,
    request_id: str = "",
    before: Any = None,
    after: Any = None,
    at: datetime | None = None,
) -> list[AuditEntry]:
    """Appends one entry for each customer (a list that was shown), in a fixed number of statements."""
    person = by if isinstance(by, Person) else None
    name = actor or (person.email if person else getattr(by, "name", ""))
    if not name:
        raise ValueError("An audit entry needs a person or an actor.")
    origin = current_origin()
    drafts = [
        AuditEntry(
            organization=organization,
            at=at or now(),
            by=person,
            actor=_clean(name)[:254],
            action=action,
            obj=_clean(obj)[:254],
            customer_id=customer_id,
            reason=_clean(reason)[:500],
            ip=normal_ip(ip) or origin.ip,
            request_id=_clean(request_id)[:100] or origin.request_id,
            before=_clean(before),
            after=_clean(after),
        )
        for customer_id in customer_ids
    ]
    return _append(organization, drafts) if drafts else []


def record_for(request: HttpRequest, *, action: str, **details: Any) -> AuditEntry:
    """Appends one entry for what the person of this request just did or saw; details as for `record`."""
    person = request.user
    if not isinstance(person, Person) or person.organization is None:
        raise ValueError("Only a person of an organization leaves audit entries through a request.")
    details.setdefault("ip", request.META.get("REMOTE_ADDR"))
    return record(person.organization, by=person, action=action, **details)


def _append(organization: Organization, drafts: Sequence[AuditEntry]) -> list[AuditEntry]:
    # A look or a search, mostly, and nothing else to commit.
    if len(drafts) == 1 and connection.vendor == "postgresql" and _moved_and_inserted(organization, drafts[0]):
        return list(drafts)
    with transaction.atomic(savepoint=False):
        for _attempt in range(ATTEMPTS):
            head = _head(organization)
            if head is None:
                AuditHead.objects.get_or_create(organization=organization)
                continue
            previous = _chained(organization, head, drafts)
            if change(_MOVE_HEAD, [drafts[-1].sequence, previous, organization.pk, head[0]]):
                return [_insert(drafts[0])] if len(drafts) == 1 else AuditEntry.objects.bulk_create(drafts)
    raise AuditChainIsBusy


def _chained(organization: Organization, head: tuple[int, str], drafts: Sequence[AuditEntry]) -> str:
    """Gives the drafts their places behind `head`; returns the last one's hash."""
    sequence, previous = head
    for step, entry in enumerate(drafts, start=1):
        entry.sequence = sequence + step
        entry.previous_hash = previous
        entry.hash = previous = entry_hash(entry, organization)
    return previous


# Plain statements: every look at a customer and every search waits for them, and others wait for the head meanwhile.
_HEAD = "SELECT sequence, hash FROM accounts_audithead WHERE organization_id = %s"
_MOVE_HEAD = "UPDATE accounts_audithead SET sequence = %s, hash = %s WHERE organization_id = %s AND sequence = %s"
# PostgreSQL hashes the entry itself (as `entry_hash`): so nobody has to ask for the head before.
_MOVE_AND_INSERT = """
WITH head AS (
    SELECT sequence + 1 AS sequence, hash AS previous_hash,
        encode(sha256(convert_to(%s::text || hash || %s::text || (sequence + 1) || '}}', 'UTF8')), 'hex') AS hash
    FROM accounts_audithead WHERE organization_id = %s FOR UPDATE
), moved AS (
    UPDATE accounts_audithead SET sequence = head.sequence, hash = head.hash FROM head WHERE organization_id = %s
)
INSERT INTO accounts_auditentry (sequence, previous_hash, hash, {columns})
SELECT sequence, previous_hash, hash, {values} FROM head RETURNING sequence, previous_hash, hash, id
"""
_OF_THE_CHAIN = ("sequence", "previous_hash", "hash")


def _head(organization: Organization) -> tuple[int, str] | None:
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    for sequence, last_hash in fetch(_HEAD + lock, [organization.pk]):
        return sequence, last_hash
    return None


@cache
def _fields() -> list[Field[Any, Any]]:
    """What an entry says, without its place in the chain."""
    return [field for field in AuditEntry._meta.concrete_fields if field.name not in ("id", *_OF_THE_CHAIN)]


def _columns() -> str:
    return ", ".join(str(field.column) for field in _fields())


@cache
def _move_and_insert() -> str:
    # A value that is selected first has no type yet. As text and not as varchar(n), which would cut what is too long.
    types = [str(field.db_type(connection)) for field in _fields()]
    values = ", ".join(f"%s::{'text' if kind.startswith('varchar') else kind}" for kind in types)
    return _MOVE_AND_INSERT.format(columns=_columns(), values=values)


def _values(entry: AuditEntry) -> list[Any]:
    # PostgreSQL's driver takes most values as they are; Django's look at each of them takes longer than the hash.
    prepared = (JSONField, GenericIPAddressField) if connection.vendor == "postgresql" else Field
    return [
        field.get_db_prep_save(value, connection) if isinstance(field, prepared) else value
        for field in _fields()
        for value in [getattr(entry, field.attname)]
    ]


def _inserted(entry: AuditEntry, key: int) -> AuditEntry:
    entry.pk, entry._state.adding, entry._state.db = key, False, connection.alias
    return entry


def _insert(entry: AuditEntry) -> AuditEntry:
    values = [entry.sequence, entry.previous_hash, entry.hash, *_values(entry)]
    into = f"INSERT INTO accounts_auditentry ({', '.join(_OF_THE_CHAIN)}, {_columns()})"
    ((key,),) = fetch(f"{into} VALUES ({marks(values)}) RETURNING id", values)
    return _inserted(entry, key)


def _moved_and_inserted(organization: Organization, entry: AuditEntry) -> bool:
    """Both or, where there is no head yet, neither. PostgreSQL only, where one statement can do both."""
    parameters = [*_hashed_texts(entry, organization), organization.pk, organization.pk, *_values(entry)]
    for sequence, previous, own, key in fetch(_move_and_insert(), parameters):
        entry.sequence, entry.previous_hash, entry.hash = sequence, previous, own
        _inserted(entry, key)
        return True
    return False


def entry_hash(entry: AuditEntry, organization: Organization) -> str:
    """Returns the SHA-256 of the entry's content and of the hash before it, in hexadecimal."""
    before, after = _hashed_texts(entry, organization)
    return hashlib.sha256(f"{before}{entry.previous_hash}{after}{entry.sequence}}}".encode()).hexdigest()


def _hashed_texts(entry: AuditEntry, organization: Organization) -> tuple[str, str]:
    """The entry as a JSON object with sorted keys, the way it is hashed: what stands before the hash before it, and what
    stands between that and the sequence, which is the last."""
    before = _as_json(
        {
            "organization": organization.public_id,
            "at": entry.at.timestamp().hex(),
            "by": entry.by.public_id if entry.by else None,
            "actor": entry.actor,
            "action": entry.action,
            "obj": entry.obj,
            "customer_id": entry.customer_id,
            "ip": entry.ip,
            "before": entry.before,
            "after": entry.after,
        }
    )
    after = _as_json({"reason": entry.reason, "request_id": entry.request_id})
    return f'{before[:-1]},"previous_hash":"', f'",{after[1:-1]},"sequence":'


def _as_json(content: dict[str, Any]) -> str:
    return json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class ChainReport:
    """`entries` were read; `broken_at` is the first sequence that does not fit, or None."""

    entries: int
    broken_at: int | None = None

    @property
    def is_intact(self) -> bool:
        return self.broken_at is None


def verify_chain(organization: Organization) -> ChainReport:
    """Reads the organization's whole trail, oldest first, and returns where it stops fitting."""
    head = AuditHead.objects.filter(organization=organization).first() or AuditHead()
    previous, count = "", 0
    entries = (
        AuditEntry.objects.filter(organization=organization, sequence__lte=head.sequence)
        .select_related("by")
        .order_by("sequence")
    )
    # 2,000 rows at a time: a year's trail of a chain does not fit in memory at once.
    for entry in entries.iterator(chunk_size=2000):
        fits = (
            entry.sequence == count + 1
            and entry.previous_hash == previous
            and entry.hash == entry_hash(entry, organization)
        )
        if not fits:
            return ChainReport(count, broken_at=count + 1)
        previous, count = entry.hash, entry.sequence
    if (count, previous) != (head.sequence, head.hash):
        return ChainReport(count, broken_at=count + 1)
    return ChainReport(count)


def _clean(value: Any) -> Any:
    """Returns the value as both databases give it back: no NUL, no half surrogate, no float."""
    match value:
        case None | bool() | int():
            return value
        case str():
            return value.replace("\x00", "").encode("utf-8", "replace").decode()
        case dict():
            return {_clean(str(key)): _clean(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_clean(item) for item in value]
        case datetime():
            return value.isoformat()
        case _:
            return _clean(str(value))
