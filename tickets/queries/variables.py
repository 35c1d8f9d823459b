"""What a text's variables stand for in one ticket: looked up only where the text names them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from accounts.queries import schedule_at
from accounts.templatetags.schedules import hours_lines
from customers.queries import Profile
from customers.queries.purchases import Purchase, purchases_for
from tickets.models import Ticket
from tickets.queries.names import topic_names

# A receipt that was brought back is not what she bought last.
RECEIPTS_READ = 5


def values_for(
    person: Person, ticket: Ticket, profile: Profile | None, wanted: Collection[str], *, at: datetime
) -> dict[str, str]:
    """Values by key for the `wanted` variables; "" where there is nothing. At most three statements."""
    bought = _last_purchase(profile) if {"last_purchase", "last_purchase_date", "store_name"} & set(wanted) else None
    makers: dict[str, Callable[[], str]] = {
        "customer_name": lambda: profile.raw_name if profile else "",
        "agent_name": lambda: person.name,
        "organization_name": lambda: ticket.organization.name,
        "center_name": lambda: ticket.center.name if ticket.center else "",
        "store_name": lambda: ticket.store.name if ticket.store else bought.store if bought else "",
        "opening_hours": lambda: _hours(ticket, at),
        "last_purchase": lambda: _goods(bought) if bought else "",
        "last_purchase_date": lambda: _day(bought.time) if bought else "",
        "topic": lambda: topic_names(ticket.organization_id).get(ticket.topic, ticket.topic),
        "today": lambda: _day(at),
    }
    return {key: makers[key]() for key in wanted if key in makers}


def _last_purchase(profile: Profile | None) -> Purchase | None:
    if profile is None:
        return None
    receipts = purchases_for(profile, limit=RECEIPTS_READ)
    returned = {receipt.original_receipt_no for receipt in receipts if receipt.is_refund}
    return next((one for one in receipts if not one.is_refund and one.receipt_no not in returned), None)


def _goods(bought: Purchase) -> str:
    if not bought.items:
        return ""
    others = len(bought.items) - 1
    name = bought.items[0].name
    if not others:
        return name
    return ngettext("%(name)s and %(count)d more", "%(name)s and %(count)d more", others) % {
        "name": name,
        "count": others,
    }


def _hours(ticket: Ticket, at: datetime) -> str:
    if ticket.center is None:
        return ""
    schedule = schedule_at(ticket.center, at)
    if schedule is None:
        return ""
    # Without hours a center is always open.
    return " / ".join(hours_lines(schedule)) or _("24 hours a day")


def _day(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), "MONTH_DAY_FORMAT")
