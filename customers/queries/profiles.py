"""Reads whole profiles: a group of merged customers seen as the one person they are.

Summary columns belong to rows, so a profile's are their sum, least or greatest. What a profile shows has passed
through the reader's `Sight` already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organization, Person, Store
from accounts.queries import NotFound, organization_for
from customers.incoming import PlacedEvent
from customers.models import Customer, Identity
from customers.models.customer import CustomerQuerySet
from customers.models.identity import IdentityKind
from customers.money import shown_amount
from customers.policies import may_see_customers, sight_of
from customers.sight import Sight
from cxhub.prepared import Prepared, Told

# The channel accounts of the hub's own chat widget.
# Accounts of chats on web pages: the hub's own widget, and whatever else hands its visitors in.
WEB_CHAT = ("widget:", "web:")
_ORDER = {kind: place for place, kind in enumerate(("phone", "member_no", "email", "external", "claim"))}


_LABELS = {
    "phone": gettext_lazy("Phone"),
    "member_no": gettext_lazy("Member no."),
    "email": gettext_lazy("E-mail"),
    "external": gettext_lazy("Channel"),
    "claim": gettext_lazy("Said, not proven"),
}


@dataclass(frozen=True, slots=True)
class ShownIdentity:
    """One identity, as the reader may see it."""

    kind: str
    account: str
    shown: str
    # A number as a telephone system takes it; "" where it is none, or its reader sees it masked.
    dial: str = ""

    @property
    def label(self) -> str:
        return identity_label(self.kind)

    @property
    def is_proven(self) -> bool:
        return self.kind != IdentityKind.CLAIM


class IdentityRow(NamedTuple):
    """What is known of an identity but for whose it is: of a list of profiles there are dozens."""

    pk: int
    kind: str
    account: str
    value: str


@dataclass(frozen=True)
class Profile:
    """One person. `root` stands for the group; `rows` are all of it, the root first."""

    organization: Organization
    root: Customer
    rows: tuple[Customer, ...]
    identity_rows: tuple[IdentityRow, ...]
    sight: Sight

    @property
    def public_id(self) -> UUID:
        return self.root.public_id

    @cached_property
    def ids(self) -> list[int]:
        """Primary keys of all rows: what events, tickets and claims are found by."""
        return [row.pk for row in self.rows]

    @cached_property
    def raw_name(self) -> str:
        """The name in full; templates take `name`."""
        if self.root.name_is_edited:
            return self.root.name
        return max(self.rows, key=lambda row: (bytes(row.name_order), row.pk)).name

    @cached_property
    def raw_names(self) -> tuple[str, ...]:
        """Every name known for her, longest first: what is hidden in texts."""
        return tuple(sorted({row.name for row in self.rows if row.name}, key=len, reverse=True))

    @cached_property
    def name(self) -> str:
        """What she is called on a screen; never empty."""
        shown = self.sight.name(self.raw_name)
        if shown:
            return shown
        return _("Unconfirmed customer") if self.is_unconfirmed else _("Customer without a name")

    @cached_property
    def identities(self) -> tuple[ShownIdentity, ...]:
        """Proven ones first by use at the counter; each once."""
        shown: dict[ShownIdentity, None] = {}
        for row in sorted(self.identity_rows, key=lambda row: (_ORDER[row.kind], row.pk)):
            if row.kind == IdentityKind.CLAIM:
                for claim in row.value.split("|"):
                    kind, _colon, value = claim.partition(":")
                    told = f"{identity_label(kind)} {self.sight.identity(kind, value)}"
                    shown[ShownIdentity(IdentityKind.CLAIM, "", told)] = None
            else:
                shown[self._shown(row)] = None
        return tuple(shown)

    def _shown(self, row: IdentityRow) -> ShownIdentity:
        if row.kind == IdentityKind.EXTERNAL and row.account.startswith(WEB_CHAT):
            # A random id of a browser: it tells nobody anything. Several browsers are one line.
            return ShownIdentity(row.kind, "", _("Web chat visitor"))
        is_dialled = row.kind == IdentityKind.PHONE and not self.sight.is_masked
        identity = self.sight.identity(row.kind, row.value)
        return ShownIdentity(row.kind, row.account, identity, row.value if is_dialled else "")

    @property
    def phone(self) -> str:
        return self._first(IdentityKind.PHONE)

    @property
    def phones_to_dial(self) -> tuple[str, ...]:
        """Her proven numbers as a telephone system takes them; none for a reader who sees them masked."""
        return tuple(identity.dial for identity in self.identities if identity.dial)

    @property
    def member_no(self) -> str:
        return self._first(IdentityKind.MEMBER_NO)

    def _first(self, kind: str) -> str:
        """As among `identities`, of which a line of a list needs no more."""
        first = min([row for row in self.identity_rows if row.kind == kind], default=None)
        return self.sight.identity(kind, first.value) if first else ""

    @cached_property
    def memo(self) -> str:
        """What people wrote about her: the root's, then that of rows merged into it."""
        told = "\n\n".join(row.memo for row in self.rows if row.memo)
        return self.sight.text(told, self.raw_names)

    @property
    def is_unconfirmed(self) -> bool:
        """Known by a claim only (rule 6): nothing of this is proven."""
        return all(row.is_unconfirmed for row in self.rows)

    @property
    def is_anonymous(self) -> bool:
        return self.root.is_anonymous

    @property
    def event_count(self) -> int:
        return sum(row.event_count for row in self.rows)

    @property
    def sale_count(self) -> int:
        return sum(row.sale_count for row in self.rows)

    @property
    def refund_count(self) -> int:
        return sum(row.refund_count for row in self.rows)

    @property
    def spent_hundredths(self) -> int:
        return sum(row.spent_hundredths for row in self.rows)

    @property
    def spent(self) -> str:
        return shown_amount(self.spent_hundredths, self.organization.currency)

    @property
    def first_seen_at(self) -> datetime | None:
        return min((row.first_seen_at for row in self.rows if row.first_seen_at), default=None)

    @property
    def last_seen_at(self) -> datetime | None:
        return max((row.last_seen_at for row in self.rows if row.last_seen_at), default=None)

    @cached_property
    def _last_visit(self) -> Customer | None:
        visited = [row for row in self.rows if row.last_visit_at]
        return max(visited, key=lambda row: (row.last_visit_at, row.last_visit_store_id or 0), default=None)

    @property
    def last_visit_at(self) -> datetime | None:
        return self._last_visit.last_visit_at if self._last_visit else None

    @property
    def last_visit_store(self) -> Store | None:
        return self._last_visit.last_visit_store if self._last_visit else None

    @property
    def is_empty_shell(self) -> bool:
        """What a confirmation left behind: its events stand with their owner now."""
        return self.is_unconfirmed and self.event_count == 0


def identity_label(kind: str) -> str:
    return str(_LABELS.get(kind, kind))


def customer_for(person: Person, public_id: UUID) -> Customer:
    """The root of the group of which the row of that id is part. Raises NotFound beyond the person's organization."""
    organization = organization_for(person)
    if not may_see_customers(person):
        raise NotFound
    rows = Customer.objects.filter(organization=organization, public_id=public_id)
    row = rows.select_related("merged_into").first()
    if row is None:
        raise NotFound
    return row.merged_into or row


def profile_for(person: Person, public_id: UUID, *, is_revealed: bool = False) -> Profile:
    """The profile of which the row of that id is part; its own `public_id` differs where that row was merged away.

    Raises NotFound beyond the person's organization. Three statements.
    """
    organization = organization_for(person)
    if not may_see_customers(person):
        raise NotFound
    keys = _KEYS.first(organization_id=organization.pk, public_id=public_id)
    if keys is None:
        raise NotFound
    root = keys[1] or keys[0]
    return profiles_of(organization, [root], sight=sight_of(person, is_revealed=is_revealed))[root]


def profiles_for(person: Person, customer_ids: Iterable[int]) -> dict[int, Profile]:
    """The profiles of which the rows of these primary keys are part, by those keys; other organizations' left out.

    For lists: three statements, however many.
    """
    organization = organization_for(person)
    if not may_see_customers(person):
        raise NotFound
    rows = Customer.objects.filter(organization=organization, id__in=set(customer_ids))
    roots = {pk: merged_into or pk for pk, merged_into in rows.values_list("id", "merged_into_id")}
    profiles = profiles_of(organization, roots.values(), sight=sight_of(person))
    return {pk: profiles[root] for pk, root in roots.items()}


# Without what no profile shows.
_NOT_OF_A_STORE = ("organization", "center", "public_id", "created_at")
_UNSEEN = ("name_chosung", "name_nfd", "created_at", *(f"last_visit_store__{name}" for name in _NOT_OF_A_STORE))
# What a line of a list leaves out; whoever asks for it is sent for it.
_NOT_IN_A_LINE = ("memo", "is_anonymous", "first_seen_at", "sale_count", "refund_count", "spent_hundredths")
_IN_A_NAME = ("merged_into", "name", "name_order", "name_is_edited", "is_unconfirmed")


def _rows_of_groups() -> CustomerQuerySet:
    roots = Told("roots", is_unseen=True)
    is_one = Q(id__any_of=roots) | Q(merged_into__any_of=roots)
    return Customer.objects.filter(is_one, organization_id=Told("organization_id")).order_by("id")


_MEMBERS = Prepared(lambda: _rows_of_groups().select_related("last_visit_store").defer(*_UNSEEN))
_IN_LINES = Prepared(lambda: _rows_of_groups().select_related("last_visit_store").defer(*_UNSEEN, *_NOT_IN_A_LINE))
_NAMES = Prepared(lambda: _rows_of_groups().only(*_IN_A_NAME))
_KEYS = Prepared(
    lambda: Customer.objects.filter(organization_id=Told("organization_id"), public_id=Told("public_id")).values_list(
        "id", "merged_into_id"
    )
)
_IDENTITIES = Prepared(
    lambda: Identity.objects.filter(customer__any_of=Told("customers", is_unseen=True)).values_list(
        "customer_id", "id", "kind", "account", "value"
    )
)


def profiles_of(
    organization: Organization, root_ids: Iterable[int], *, sight: Sight, are_lines: bool = False
) -> dict[int, Profile]:
    """Profiles by their root's primary key, in two statements. The caller has asked whether the reader may.

    `are_lines` where a list shows of each who it is and when she was last here.
    """
    groups = _groups_of(organization, root_ids, _IN_LINES if are_lines else _MEMBERS)
    identities: dict[int, list[IdentityRow]] = defaultdict(list)
    root_of = {row.pk: root for root, rows in groups.items() for row in rows}
    if root_of:
        for customer_id, pk, kind, account, value in _IDENTITIES(customers=root_of):
            identities[root_of[customer_id]].append(IdentityRow(pk, kind, account, value))
    return {
        root: Profile(organization, rows[0], tuple(rows), tuple(identities[root]), sight)
        for root, rows in groups.items()
    }


def names_of(organization: Organization, root_ids: Iterable[int], *, sight: Sight) -> dict[int, str]:
    """What a list calls these, by their root's primary key: names need no identities. One statement."""
    groups = _groups_of(organization, root_ids, _NAMES)
    return {root: Profile(organization, rows[0], tuple(rows), (), sight).name for root, rows in groups.items()}


def _groups_of(
    organization: Organization, root_ids: Iterable[int], members: Prepared[Customer]
) -> dict[int, list[Customer]]:
    """The rows of each, the root first. No statement for none."""
    groups: dict[int, list[Customer]] = {root: [] for root in root_ids}
    if groups:
        for row in members(organization_id=organization.pk, roots=list(groups)):
            groups[row.root_id].append(row)
    # They come in the order of their keys; most stand for themselves alone.
    return {
        root: sorted(rows, key=lambda row: row.pk != root) if len(rows) > 1 else rows for root, rows in groups.items()
    }


def public_root_ids(organization: Organization, events: Sequence[PlacedEvent]) -> dict[int, UUID]:
    """For each customer row that `events` name: the public id of the profile it is part of now."""
    ids = {event.customer_id for event in events if event.customer_id is not None}
    if not ids:
        return {}
    rows = Customer.objects.filter(organization=organization, id__in=ids)
    return {pk: root or own for pk, own, root in rows.values_list("id", "public_id", "merged_into__public_id")}
