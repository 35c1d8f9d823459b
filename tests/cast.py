"""The small cast that every test knows: an organization with two centers and two stores, and its people.

Built through the real actions. `make_organization()` is one call; its parts are one call each.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from accounts import actions
from accounts.actors import System
from accounts.models import Center, Organization, Person, Role, Store

PASSWORD = "river-lantern-42"
SETUP = System("tests")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

_number = count(1)


@dataclass(frozen=True)
class Cast:
    """`seoul` answers for `gangnam`, `busan` for `haeundae`; lead, agent and clerk belong to seoul and gangnam."""

    organization: Organization
    seoul: Center
    busan: Center
    gangnam: Store
    haeundae: Store
    owner: Person
    lead: Person
    agent: Person
    store_staff: Person
    # An agent of busan: the same organization, another team.
    outsider: Person

    @property
    def people(self) -> dict[str, Person]:
        """One person for each role, by the role's name."""
        return {
            "owner": self.owner,
            "lead": self.lead,
            "agent": self.agent,
            "store_staff": self.store_staff,
        }


def make_organization(slug: str = "haneul", *, name: str = "하늘상회", mark: str = "") -> Cast:
    """Returns a whole organization. E-mails are `<who>@<slug>.example`, the password is PASSWORD.

    `mark` is added to every name, for tests that look for what must not be shown.
    """
    organization = make_bare_organization(slug, name=name)
    seoul = make_center(organization, "seoul", name=f"서울 고객센터{mark}")
    busan = make_center(organization, "busan", name=f"부산 고객센터{mark}")
    gangnam = make_store(organization, "gangnam", name=f"강남점{mark}", center=seoul)
    haeundae = make_store(organization, "haeundae", name=f"해운대점{mark}", center=busan)
    return Cast(
        organization=organization,
        seoul=seoul,
        busan=busan,
        gangnam=gangnam,
        haeundae=haeundae,
        owner=make_person(organization, "owner", name=f"한대표{mark}", role=Role.OWNER),
        lead=make_person(organization, "lead", name=f"이팀장{mark}", role=Role.LEAD, centers=[seoul]),
        agent=make_person(organization, "agent", name=f"박상담{mark}", role=Role.AGENT, centers=[seoul]),
        store_staff=make_person(organization, "store", name=f"최점원{mark}", role=Role.STORE_STAFF, stores=[gangnam]),
        outsider=make_person(organization, "outsider", name=f"정부산{mark}", role=Role.AGENT, centers=[busan]),
    )


def make_other_organization() -> Cast:
    """Returns a second organization, of which the first must never see anything."""
    return make_organization("byeol", name="별상회")


def make_bare_organization(slug: str = "", *, name: str = "하늘상회") -> Organization:
    return actions.create_organization(slug or f"org-{next(_number)}", name=name, by=SETUP, at=LONG_AGO)


def make_center(
    organization: Organization, slug: str, *, name: str = "", kind: str = Center.Kind.CONTACT_CENTER
) -> Center:
    """Returns a center that is open on weekdays from 9 to 18 with lunch from 12 to 13."""
    return actions.create_center(
        organization,
        slug=slug,
        name=name or slug,
        kind=kind,
        hours={day: [["09:00", "12:00"], ["13:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
        by=SETUP,
        at=LONG_AGO,
    )


def make_store(organization: Organization, slug: str, *, name: str = "", center: Center | None = None) -> Store:
    return actions.create_store(organization, slug=slug, name=name or slug, center=center, by=SETUP, at=LONG_AGO)


def make_person(
    organization: Organization,
    mailbox: str,
    *,
    name: str = "",
    role: str = Role.AGENT,
    centers: list[Center] | None = None,
    stores: list[Store] | None = None,
) -> Person:
    """Returns an active person who logs in with `<mailbox>@<organization's slug>.example` and PASSWORD."""
    return actions.create_person(
        organization,
        email=f"{mailbox}@{organization.slug}.example",
        name=name or mailbox,
        role=role,
        centers=centers or [],
        stores=stores or [],
        password=PASSWORD,
        by=SETUP,
        at=LONG_AGO,
    )


def make_operator() -> Person:
    """Returns the superuser of no organization."""
    return Person.objects.create_superuser("operator@hub.example", PASSWORD, name="운영자")
