"""Lays the invented shop in the database: organization, centers, stores, people, topics, widget. Through actions only."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts import actions
from accounts.actors import System
from accounts.models import Center, Organization, Store
from accounts.queries import agents_of_center
from channels_app.consents.settings_actions import set_consents
from channels_app.demo import organization as plan
from channels_app.demo.hours import HOLIDAYS
from channels_app.demo.tools import lay_tools
from channels_app.models import TelephonySettings
from channels_app.telephony.settings_actions import set_telephony
from channels_app.widget.settings_actions import WidgetContent, create_widget
from tickets.actions import set_topics
from tickets.actions.broadcasts import send_broadcast
from tickets.actions.routing import Content, Special, set_center_routing
from tickets.actions.rules import make_ready_rules

SETUP = System("demo")

WIDGET_CONTENT = WidgetContent(
    name=plan.NAME,
    greeting_ko="안녕하세요, 하늘상회입니다. 무엇을 도와드릴까요?",
    greeting_en="Hello, this is Haneul Store. How can we help?",
    asks_topic="optional",
)


def lay_foundation(*, at: datetime) -> Organization:
    """Returns the demo's organization, creating it whole if there is none. One transaction."""
    standing = Organization.objects.filter(slug=plan.SLUG).first()
    if standing:
        return standing
    with transaction.atomic():
        organization = actions.create_organization(plan.SLUG, name=plan.NAME, by=SETUP, at=at)
        centers = {one.slug: _create_center(organization, one, at=at) for one in plan.CENTERS}
        stores = {
            one.slug: actions.create_store(
                organization, slug=one.slug, name=one.name, center=centers[one.center], by=SETUP, at=at
            )
            for one in plan.STORES
        }
        _create_people(organization, centers, stores, at=at)
        _route(centers, at=at)
        make_ready_rules(organization, by=SETUP, at=at)
        _say(organization, centers["seoul"], at=at)
        lay_tools(organization, by=SETUP, at=at)
        create_widget(organization, center=centers["seoul"], content=WIDGET_CONTENT, by=SETUP, at=at)
        simulator = TelephonySettings.Adapter.SIMULATOR
        # Nothing goes to invented customers by itself.
        set_consents(organization, tells_results=False, reminds=False, contact=plan.CENTERS[0].number, by=SETUP, at=at)
        set_telephony(organization, adapter=simulator, sends_recordings=True, by=SETUP, at=at)
    return organization


def _create_center(organization: Organization, center: plan.CenterPlan, *, at: datetime) -> Center:
    return actions.create_center(
        organization,
        slug=center.slug,
        name=center.name,
        hours={day: [list(span) for span in spans] for day, spans in center.hours.items()},
        holidays=sorted(day.isoformat() for day in HOLIDAYS),
        by=SETUP,
        at=at,
    )


def _route(centers: dict[str, Center], *, at: datetime) -> None:
    """Busan's tickets find somebody by themselves; in Seoul, where a newcomer looks, she takes hers by hand."""
    for routed in plan.ROUTED:
        center = centers[routed.center]
        specials = {
            person.pk: Special(topics=topics)
            for person in agents_of_center(center)
            for topics in [routed.topics.get(person.email)]
            if topics
        }
        set_center_routing(center, Content(mode=routed.mode, chat_limit=routed.chat_limit), specials, by=SETUP, at=at)


def _say(organization: Organization, center: Center, *, at: datetime) -> None:
    """What an agent finds on her first page: her lead's word to everybody."""
    lead = organization.people.get(email=f"lead@{plan.DOMAIN}")
    send_broadcast(plan.BROADCAST, to=[center], ends_at=at + timedelta(days=1), by=lead, at=at)


def _create_people(
    organization: Organization, centers: dict[str, Center], stores: dict[str, Store], *, at: datetime
) -> None:
    for staff in plan.STAFF:
        person = actions.create_person(
            organization,
            email=staff.email,
            name=staff.name,
            role=staff.role,
            centers=[centers[slug] for slug in staff.centers],
            stores=[stores[slug] for slug in staff.stores],
            # The others are names in the history; hashing a password for each would cost seconds.
            password=plan.PASSWORD if staff in plan.LOG_INS else None,
            by=SETUP,
            at=at,
        )
        if staff.role == "owner":
            set_topics(organization, dict(plan.TOPICS), by=person, at=at)
