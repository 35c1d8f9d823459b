"""Customers over HTTP: who owns an identity, and one customer's profile with what is open.

Names one customer at a time: there is no list of all to take away, and every look is on the record.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema

from accounts import audit
from accounts.actors import System
from channels_app.api import schema
from channels_app.api.authentication import check_rate
from channels_app.api.responses import json_response
from channels_app.api.views import ApiView
from channels_app.api.warnings import MASKED_EMAIL, NOBODYS_NUMBER
from channels_app.models import ApiKey
from channels_app.models.api_key import Scope
from channels_app.plain_json import clean_text
from channels_app.problems import Problem, Refused
from customers.email_addresses import is_masked_email, normal_email
from customers.models import Customer, Identity
from customers.models.identity import IdentityKind
from customers.phone_numbers import parse_phone
from customers.queries.consents import consents_of_members
from customers.queries.profiles import Profile, profiles_of
from customers.sight import IN_FULL
from tickets.models import Ticket

WAYS = ("phone", "email", "member_no", "external")
OPEN_TICKETS_SHOWN = 50


class CustomersView(ApiView):
    scopes = {"GET": Scope.CUSTOMERS_READ, "HEAD": Scope.CUSTOMERS_READ}

    @extend_schema(**schema.FIND_CUSTOMERS)
    def get(self, request: Any) -> HttpResponse:
        key: ApiKey = request.auth
        check_rate(key, events=1)
        ways = [way for way in WAYS if request.query_params.get(way)]
        if len(ways) != 1:
            raise Refused(Problem("invalid-query", field=", ".join(ways or WAYS), expected="identity"))
        (way,) = ways
        value, warning = _normal(way, _plain(request, way))
        if not value:
            return json_response({"customers": [], "warning": warning})
        account = _plain(request, "account") if way == "external" else ""
        identity = Identity.objects.filter(organization=key.organization, kind=way, account=account, value=value)
        owners = identity.select_related("customer")
        return json_response({"customers": [_told(key, one.customer, how=way) for one in owners]})


class CustomerView(ApiView):
    scopes = {"GET": Scope.CUSTOMERS_READ, "HEAD": Scope.CUSTOMERS_READ}

    @extend_schema(**schema.READ_CUSTOMER)
    def get(self, request: Any, customer_id: UUID) -> HttpResponse:
        key: ApiKey = request.auth
        check_rate(key, events=1)
        row = Customer.objects.filter(organization=key.organization, public_id=customer_id).first()
        if row is None:
            raise Refused(Problem("not-found"))
        return json_response(_told(key, row, how="id"))


def _plain(request: Any, name: str) -> str:
    return clean_text(request.query_params.get(name, ""), name).strip()


def _normal(way: str, told: str) -> tuple[str, str]:
    """The identity's one spelling; or "" and why such a value identifies nobody. Raises `Refused` for nonsense."""
    if way == "phone":
        phone = parse_phone(told)
        if not phone.identifies and phone.kind not in NOBODYS_NUMBER:
            raise Refused(Problem("invalid-query", field="phone", expected="phone", received=told[:80]))
        return phone.e164, str(NOBODYS_NUMBER.get(phone.kind, ""))
    if way == "email":
        address = normal_email(told)
        if not address:
            raise Refused(Problem("invalid-query", field="email", expected="email", received=told[:80]))
        return ("", str(MASKED_EMAIL)) if is_masked_email(address) else (address, "")
    if not told:
        raise Refused(Problem("invalid-query", field=way, expected="text"))
    return told, ""


def _told(key: ApiKey, row: Customer, *, how: str) -> dict[str, Any]:
    """The profile of which the row is part; the look at it goes on the record."""
    profile = profiles_of(key.organization, [row.root_id], sight=IN_FULL)[row.root_id]
    audit.record(
        key.organization,
        by=System(f"API key {key.name}"),
        action="channels.customer.read",
        obj=f"api_key:{key.public_id}",
        customer_id=profile.public_id,
        after={"found_by": how},
    )
    return _as_json(profile)


def _as_json(profile: Profile) -> dict[str, Any]:
    store = profile.last_visit_store
    return {
        "customer": profile.public_id,
        "name": profile.raw_name or None,
        "is_unconfirmed": profile.is_unconfirmed,
        "identities": [
            {"kind": row.kind, "account": row.account or None, "value": row.value}
            for row in sorted(profile.identity_rows, key=lambda row: row.pk)
            if row.kind != IdentityKind.CLAIM
        ],
        "first_seen_at": profile.first_seen_at,
        "last_seen_at": profile.last_seen_at,
        "last_visit_at": profile.last_visit_at,
        "last_visit_store": store.slug if store else None,
        "event_count": profile.event_count,
        "sale_count": profile.sale_count,
        "refund_count": profile.refund_count,
        "spent": _units(profile.spent_hundredths),
        "currency": profile.organization.currency,
        "consents": _consents(profile),
        "open_tickets": _open_tickets(profile),
    }


def _units(hundredths: int) -> int | float:
    return hundredths // 100 if hundredths % 100 == 0 else hundredths / 100


def _consents(profile: Profile) -> list[dict[str, str | bool | datetime | None]]:
    told = consents_of_members(profile.organization, profile.ids)
    return [
        {
            "purpose": one.purpose,
            "medium": one.medium or None,
            "night": one.holds_at_night,
            "since": one.given.time,
            "how": one.given.how,
            "version": one.given.version or None,
        }
        for _key, one in sorted(told.standing.items())
    ]


def _open_tickets(profile: Profile) -> list[dict[str, UUID | str | datetime | None]]:
    tickets = Ticket.objects.filter(organization=profile.organization, customer__in=profile.ids).open()
    newest = tickets.select_related("center").order_by("-opened_at", "-pk")[:OPEN_TICKETS_SHOWN]
    return [
        {
            "ticket": ticket.public_id,
            "thread": ticket.thread,
            "channel": ticket.channel,
            "center": ticket.center.slug if ticket.center else None,
            "agent": ticket.agent_email or None,
            "topic": ticket.topic or None,
            "opened_at": ticket.opened_at,
            "waiting_since": ticket.waiting_since,
        }
        for ticket in newest
    ]
