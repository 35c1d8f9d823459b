"""The look-up behind the counter's one box: at most twenty customers, the most recently seen first.

Every search does a bounded amount of work however many customers there are: it takes at most `CANDIDATES` rows from an
index and orders those. Where an index holds more, the candidates are those of the newest events besides, so that who
was just here stands on top, and the answer says that there are more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.db.models.functions import Substr

from accounts.models import Organization, Person
from accounts.queries import NotFound, organization_for
from customers import hangul
from customers.models import Claim, Customer, Event, Identity
from customers.models.identity import IdentityKind
from customers.names import NameQuery
from customers.policies import may_see_customers, sight_of
from customers.queries.lookup_terms import Kind, Terms, read_terms
from customers.queries.profiles import Profile, profiles_of

SHOWN = 20
CANDIDATES = 100
# Newest events among whose customers a common name is looked for first: a busy day of a shop.
RECENT_EVENTS = 200
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
_LAST = "\U0010ffff"


class Candidate(NamedTuple):
    """One row, its group's root, and when it was last seen."""

    pk: int
    merged_into_id: int | None
    name: str
    last_seen_at: datetime | None

    @property
    def root_id(self) -> int:
        return self.merged_into_id or self.pk


@dataclass(frozen=True, slots=True)
class Found:
    """`has_more` where not all who fit are shown: one letter or digit more leads on."""

    kind: Kind
    profiles: tuple[Profile, ...]
    has_more: bool = False


def find_customers_for(person: Person, typed: str) -> Found:
    """Whom the text may mean. Merged rows stand for their group, each group once. At most ten statements."""
    organization = organization_for(person)
    if not may_see_customers(person):
        raise NotFound
    terms = read_terms(typed)
    kind, candidates = _search(organization, terms)
    newest: dict[int, datetime] = {}
    for one in candidates:
        seen = one.last_seen_at or _LONG_AGO
        newest[one.root_id] = max(newest.get(one.root_id, seen), seen)
    roots = sorted(newest, key=lambda root: (newest[root], root), reverse=True)
    profiles = profiles_of(organization, roots[:SHOWN], sight=sight_of(person))
    return Found(kind, tuple(profiles.values()), has_more=len(roots) > SHOWN)


def recent_customers_for(person: Person, *, limit: int = SHOWN) -> list[Profile]:
    """Whose history has grown last. Three statements."""
    organization = organization_for(person)
    if not may_see_customers(person):
        raise NotFound
    roots = list(dict.fromkeys(one.root_id for one in _seen_lately(organization)))[:limit]
    return list(profiles_of(organization, roots, sight=sight_of(person)).values())


def _search(organization: Organization, terms: Terms) -> tuple[Kind, list[Candidate]]:
    by_code = _by_codes(organization, terms.codes)
    if terms.name is None:
        found = _by_identity(organization, terms)
        return (Kind.MEMBER_NO if by_code and not found else terms.kind), by_code + found
    if by_code:
        return Kind.MEMBER_NO, by_code
    found = _by_name(organization, terms.name)
    if not found and terms.meant is not None:
        return Kind.WRONG_KEYBOARD, _by_name(organization, terms.meant)
    return terms.kind, found


def _by_codes(organization: Organization, codes: Iterable[str]) -> list[Candidate]:
    identities = Identity.objects.filter(
        organization=organization, kind=IdentityKind.MEMBER_NO, account="", value__in=list(codes)
    )
    return _owners(identities) if codes else []


def _by_identity(organization: Organization, terms: Terms) -> list[Candidate]:
    identities = Identity.objects.filter(organization=organization)
    phones = identities.filter(kind=IdentityKind.PHONE, account="")
    match terms.kind:
        case Kind.LAST4:
            return _owners(identities.filter(last4=terms.last4))
        case Kind.PHONE:
            return _owners(phones.filter(value=terms.e164)) + _claimants(organization, "phone", terms.e164)
        case Kind.EMAIL:
            owners = identities.filter(kind=IdentityKind.EMAIL, account="", value=terms.email)
            return _owners(owners) + _claimants(organization, "email", terms.email)
        case Kind.PHONE_PART:
            found = _owners(identities.filter(last4=terms.last4, value__endswith=terms.tail))
            if terms.beginning:
                # Every number begins with +, and digits order alike in every collation.
                found += _owners(
                    phones.filter(value__gte=terms.beginning, value__lt=terms.beginning + ":").order_by("value")
                )
            return found
    return []


def _owners(identities: QuerySet[Identity]) -> list[Candidate]:
    fields = ("customer_id", "customer__merged_into_id", "customer__name", "customer__last_seen_at")
    return [Candidate(*row) for row in identities.values_list(*fields)[: CANDIDATES + 1]]


def _claimants(organization: Organization, kind: str, value: str) -> list[Candidate]:
    """Who only says that this is hers: shown as unconfirmed, unless nothing is left of it."""
    claims = Claim.objects.filter(organization=organization, kind=kind, value=value).exclude(customer__event_count=0)
    fields = ("customer_id", "customer__merged_into_id", "customer__name", "customer__last_seen_at")
    return [Candidate(*row) for row in claims.order_by("-id").values_list(*fields)[:SHOWN]]


def _by_name(organization: Organization, asked: NameQuery) -> list[Candidate]:
    customers = Customer.objects.filter(organization=organization).exclude(is_unconfirmed=True, event_count=0)
    if asked.has_initials:
        begins = _between("name_chosung", asked.chosung)
        found = _take(customers.filter(begins, _syllables_of(asked)).order_by("name_chosung"))
    else:
        begins = _between("name_nfd", asked.nfd)
        found = _take(customers.filter(begins).order_by("name_nfd"))
    if len(found) > CANDIDATES or asked.has_initials:
        found += _seen_lately(organization)
    elif len(asked.key) > 1:
        found += _inside_names(customers, asked, enough=SHOWN - len(found))
    fits = {name: _fits(asked, name) for name in {one.name for one in found}}
    return [one for one in found if fits[one.name]]


def _fits(asked: NameQuery, name: str) -> bool:
    # Most names are as plain as the question; reading one thoroughly takes ten times as long.
    return (not asked.has_initials and asked.key in name) or asked.matches(name)


def _inside_names(customers: QuerySet[Customer], asked: NameQuery, *, enough: int) -> list[Candidate]:
    """Two letters or more anywhere. Given names, which most searches mean, have an index that needs no counting."""
    given = customers.alias(given_name=Substr("name", 2)).filter(_between("given_name", asked.key))
    found = _take(given.order_by(Substr("name", 2)))
    if len(found) < enough:
        # Rare by now, so all who fit are read and ordered; without an order the planner may take to scanning.
        found += _take(customers.filter(name_nfd__contains=asked.nfd).order_by("-last_seen_at"))
    return found


def _between(column: str, beginning: str) -> Q:
    """The rows whose column begins so, as a range: an index can use it on both databases (columns collate by "C")."""
    return Q(**{f"{column}__gte": beginning, f"{column}__lt": beginning + _LAST})


def _syllables_of(asked: NameQuery) -> Q:
    """For 홍ㄱㄷ: only names that begin with 홍, so that the candidates are not used up by other ㅎㄱㄷ."""
    leading = "".join(takewhile(lambda char: not hangul.is_initial(char), asked.key))
    return _between("name_nfd", hangul.decompose(leading)) if leading else Q()


def _seen_lately(organization: Organization) -> list[Candidate]:
    """The customers of the newest events. All of them, unfiltered: a name beside would tempt the planner to start there."""
    events = Event.objects.filter(organization=organization).order_by("-time", "-id")
    fields = ("customer_id", "customer__merged_into_id", "customer__name", "customer__last_seen_at")
    rows = events.values_list(*fields)[:RECENT_EVENTS]
    return [Candidate(*row) for row in dict.fromkeys(rows) if row[0] is not None]


def _take(rows: QuerySet[Customer]) -> list[Candidate]:
    fields = ("id", "merged_into_id", "name", "last_seen_at")
    return [Candidate(*row) for row in rows.values_list(*fields)[: CANDIDATES + 1]]
