"""The organizations that are measured: centers, stores and people as in a real one, made through the hub's actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from accounts import actions
from accounts.actors import System
from accounts.models import Center, Organization, Person, Role, Store
from channels_app.api.actions import create_api_key
from channels_app.intake import Sender, receive
from channels_app.models.widget import WidgetSettings
from tickets.models import Ticket

SETUP = System("benchmarks")
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Shop:
    organization: Organization
    center: Center
    owner: Person
    clerk: Person
    agents: tuple[Person, ...]


def make_shop(slug: str, *, agents: int = 10) -> Shop:
    """An organization with two centers, three stores and its people, or the one that is there already."""
    organization = Organization.objects.filter(slug=slug).first()
    if organization is None:
        organization = actions.create_organization(slug, name=slug, by=SETUP, at=LONG_AGO)
        _furnish(organization, agents)
    people = Person.objects.filter(organization=organization).order_by("id")
    return Shop(
        organization,
        Center.objects.get(organization=organization, slug="seoul"),
        people.get(role=Role.OWNER),
        people.get(role=Role.STORE_STAFF),
        tuple(people.filter(role=Role.AGENT)),
    )


def _furnish(organization: Organization, agents: int) -> None:
    centers = [
        actions.create_center(
            organization, slug=slug, name=name, kind=Center.Kind.CONTACT_CENTER, by=SETUP, at=LONG_AGO
        )
        for slug, name in (("seoul", "서울 고객센터"), ("busan", "부산 고객센터"))
    ]
    stores = [
        actions.create_store(organization, slug=slug, name=slug, center=centers[number // 2], by=SETUP, at=LONG_AGO)
        for number, slug in enumerate(("gangnam", "hongdae", "haeundae"))
    ]
    make_person(organization, "owner", Role.OWNER)
    make_person(organization, "clerk", Role.STORE_STAFF, stores=stores[:1])
    for number in range(agents):
        make_person(organization, f"agent{number}", Role.AGENT, centers=centers)


def make_person(
    organization: Organization, name: str, role: str, *, centers: Sequence[Center] = (), stores: Sequence[Store] = ()
) -> None:
    actions.create_person(
        organization,
        email=f"{name}@{organization.slug}.example",
        name=name,
        role=role,
        centers=centers,
        stores=stores,
        by=SETUP,
        at=LONG_AGO,
    )


def make_key(shop: Shop) -> str:
    """The secret of a new API key that may write what `workload` makes, without a limit."""
    _key, secret = create_api_key(
        shop.organization,
        name=f"benchmarks {datetime.now(UTC):%H%M%S%f}",
        scopes=["events:write"],
        sources=["/seoul"],
        by=shop.owner,
        at=datetime.now(UTC),
        events_per_minute=None,
    )
    return secret


def make_widget(shop: Shop) -> WidgetSettings:
    """A widget that the hub's own pages may carry."""
    return WidgetSettings.objects.get_or_create(
        organization=shop.organization, name="bench", defaults={"center": shop.center}
    )[0]


def make_conversation(shop: Shop, thread: str, *, messages: int = 1) -> UUID:
    """The public id of a chat in which a customer has said so much; it is made if it is not there."""
    found = Ticket.objects.filter(organization=shop.organization, thread=thread).values_list("public_id", flat=True)
    if not found.exists():
        now = datetime.now(UTC)
        told = {"thread": thread, "from": "customer", "text": "언제 오나요?", "customer": {"phone": "010-0000-0001"}}
        envelope = {"specversion": "1.0", "source": "/seoul/chat", "type": "chat.message", "data": told}
        envelopes = [{**envelope, "id": f"{thread}-{place}", "time": now.isoformat()} for place in range(messages)]
        receive(shop.organization, envelopes, sender=Sender(label="benchmarks", sources=("/seoul",)), at=now)
    return found.get()
