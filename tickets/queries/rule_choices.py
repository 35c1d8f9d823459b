"""What the values of a rule's words are chosen from, and what they are called."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from accounts.models import Center, Organization, Person, Role
from tickets.models import Breach, Ticket, Topic
from tickets.queries.lists import CHANNELS
from tickets.rules.checking import Offered
from tickets.rules.vocabulary import LEADS, Listed
from tickets.templatetags.inbox import channel_label

# Each list: what is kept → what it is called.
Choices = Mapping[Listed, Mapping[str, str]]


def choices_of(organization: Organization) -> Choices:
    """All lists of an organization. Three statements."""
    people = list(
        Person.objects.filter(organization=organization, is_active=True)
        .exclude(role=Role.STORE_STAFF)
        .exclude(name="")
        .order_by("name", "pk")
    )
    centers = Center.objects.filter(organization=organization).order_by("name", "pk")
    topics = Topic.objects.filter(organization=organization, merged_into=None).order_by(
        "-is_offered", "position", "slug"
    )
    return {
        Listed.CHANNELS: {name: channel_label(name) for name in CHANNELS},
        Listed.CENTERS: {center.public_id.hex: center.name for center in centers},
        Listed.TOPICS: dict(topics.values_list("slug", "name")),
        Listed.PRIORITIES: {value: str(label) for value, label in Ticket.Priority.choices},
        Listed.TARGETS: {
            Breach.Kind.FIRST_RESPONSE: _("First response"),
            Breach.Kind.NEXT_RESPONSE: _("Next response"),
            Breach.Kind.RESOLUTION: _("Resolution"),
        },
        Listed.PEOPLE: {person.public_id.hex: person.name for person in people},
        Listed.ALARMED: {
            LEADS: _("Who leads the ticket's center"),
            **{person.public_id.hex: person.name for person in people if person.is_alarmed},
        },
    }


def offered(choices: Choices) -> Offered:
    return {listed: names.keys() for listed, names in choices.items()}
