"""The look-up behind the counter's one box: at most twenty customers, the most recently seen first.

Every search does a bounded amount of work however many customers there are: it takes at most `CANDIDATES` rows from an
index and orders those. Where an index holds more, the candidates are those of the newest events besides, so that who
was just here stands on top, and the answer says that there are more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from accounts.models import Organization, Person
from accounts.queries import NotFound, organization_for
from customers.models import Event
from customers.models.identity import IdentityKind
from customers.names import NameQuery
from customers.policies import may_see_customers, sight_of
from customers.queries import candidates as parts_of
from customers.queries.candidates import CANDIDATES, RECENT_EVENTS, Candidate, Part, candidates
from customers.queries.lookup_terms import Kind, Terms, read_terms
from customers.queries.profiles import Profile, profiles_of

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Found:
    """`has_more` where not all who fit are shown: one letter or digit more leads on."""

    kind: Kind
    profiles: tuple[Profile, ...]
    has_more: bool = False


def find_customers_for(person: Person, typed: str) -> Found:
    """Whom the text may mean. Merged rows stand for their group, each group once. At most six statements."""
    organization = organization_for(person)
    if not may_see_customers(person):
        raise NotFound
    terms = read_terms(typed)
    kind, found = _search(organization.pk, terms)
    roots = _newest_first(found)
    profiles = profiles_of(organization, roots[:SHOWN], sight=sight_of(person), are_lines=True)
    return Found(kind, tuple(profiles.values()), has_more=len(roots) > SHOWN)


def _newest_first(found: Iterable[Candidate]) -> list[int]:
    """The roots of their groups, each once; a group was last seen when any of its rows was."""
    newest: dict[int, Any] = {}
    for _part, pk, merged_into, _name, seen in found:
        root = merged_into or pk
        if root not in newest or newest[root] < seen:
            newest[root] = seen
    return [root for root, _seen in sorted(newest.items(), key=itemgetter(1, 0), reverse=True)]


def recent_customers_for(person: Person, *, limit: int = SHOWN) -> list[Profile]:
    """Whose history has grown last. Three statements."""
    organization = organization_for(person)
    if not may_see_customers(person):
        raise NotFound
    roots = list(dict.fromkeys(_roots_seen_lately(organization)))[:limit]
    return list(profiles_of(organization, roots, sight=sight_of(person), are_lines=True).values())


def _roots_seen_lately(organization: Organization) -> list[int]:
    """Of the newest events, the newest first."""
    events = Event.objects.filter(organization=organization).order_by("-time", "-id")
    rows = events.values_list("customer_id", "customer__merged_into_id")[:RECENT_EVENTS]
    return [merged_into or pk for pk, merged_into in rows if pk is not None]


def _search(organization_id: int, terms: Terms) -> tuple[Kind, list[Candidate]]:
    codes = [parts_of.codes(organization_id, terms.codes)] if terms.codes else []
    if terms.name is None:
        found = candidates([*codes, *_by_identity(organization_id, terms)])
        is_number = bool(found) and all(one.part == "codes" for one in found)
        return (Kind.MEMBER_NO if is_number else terms.kind), found
    found = _by_name(organization_id, terms.name, codes)
    if found and found[0].part == "codes":
        return Kind.MEMBER_NO, found
    if not found and terms.meant is not None:
        return Kind.WRONG_KEYBOARD, _by_name(organization_id, terms.meant, [])
    return terms.kind, found


def _by_identity(organization_id: int, terms: Terms) -> list[Part]:
    match terms.kind:
        case Kind.LAST4:
            return [parts_of.last_four(organization_id, terms.last4)]
        case Kind.PHONE | Kind.EMAIL:
            kind = IdentityKind.PHONE if terms.kind is Kind.PHONE else IdentityKind.EMAIL
            value = terms.e164 or terms.email
            return [make(organization_id, kind.value, value) for make in (parts_of.owners, parts_of.claimants)]
        case Kind.PHONE_PART:
            tail = parts_of.last_four(organization_id, terms.last4, tail=terms.tail)
            if not terms.beginning:
                return [tail]
            return [tail, parts_of.number_beginning(organization_id, terms.beginning)]
    return []


def _by_name(organization_id: int, asked: NameQuery, codes: list[Part]) -> list[Candidate]:
    """Who bears the name; whose member number it is, and nobody else, where there is one. At most two statements."""
    further = []
    if asked.has_initials:
        further.append(parts_of.seen_lately(organization_id, asked))
    elif len(asked.key) > 1:
        further.append(parts_of.given_name(organization_id, asked))
    rows = _by_part(candidates([*codes, parts_of.name_beginning(organization_id, asked), *further]))
    if rows["codes"]:
        return rows["codes"]
    found = rows["beginning"] + rows["lately"]
    if not asked.has_initials:
        if len(found) > CANDIDATES:
            found += candidates([parts_of.seen_lately(organization_id, asked)])
        else:
            found += rows["given"]
            if len(asked.key) > 1 and len(found) < SHOWN:
                found += candidates([parts_of.inside_name(organization_id, asked)])
    return _that_fit(asked, found)


def _by_part(found: Iterable[Candidate]) -> dict[str, list[Candidate]]:
    rows: dict[str, list[Candidate]] = defaultdict(list)
    for one in found:
        rows[one.part].append(one)
    return rows


def _that_fit(asked: NameQuery, found: list[Candidate]) -> list[Candidate]:
    if asked.has_initials and asked.key == asked.chosung:
        return found  # Plain initials are all that the column holds: the index has said what there is to say.
    fits = {name: _fits(asked, name) for name in {one.name for one in found}}
    return [one for one in found if fits[one.name]]


def _fits(asked: NameQuery, name: str) -> bool:
    # Most names are as plain as the question; reading one thoroughly takes ten times as long.
    return (not asked.has_initials and asked.key in name) or asked.matches(name)
