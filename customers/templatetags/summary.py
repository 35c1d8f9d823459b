"""The lines of a customer's summary: receipts and tickets, for each of which a template takes ten times as long."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from typing import Protocol
from uuid import UUID

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.templatetags.shell import Reading, icon
from customers.queries import Purchase
from customers.queries.purchases import Item

register = template.Library()

ITEMS_SHOWN = 4
_NOBODY = UUID(int=0)
_RECEIPT = (
    '<li class="py-2 first:pt-0 last:pb-0">\n'
    '<p class="flex items-baseline justify-between gap-3 text-sm"><span class="min-w-0 truncate text-base-content/60">'
    '{seen} · {store}</span><b class="shrink-0 tabular-nums font-semibold {tone}">{refund}{total}</b></p>\n{items}</li>'
)
_ITEM = '<p class="flex justify-between gap-3 text-sm"><span class="min-w-0 truncate">{}{}</span>{}</p>\n'
_AMOUNT = '<span class="shrink-0 tabular-nums text-base-content/60">{}</span>'
_IN_ALL = '<p class="text-xs text-base-content/60">{}</p>\n'
_MATTER = (
    '<li class="flex items-center gap-3 py-2 text-sm first:pt-0"><span class="min-w-0 grow">'
    '<span class="block truncate font-medium">{title}</span>'
    '<span class="block truncate text-xs text-base-content/60">{channel}{seen}{agent}</span></span>'
    '<span class="badge badge-sm whitespace-nowrap {tone}">{status}</span>{way}</li>'
)
# Lazy: only the one that is wanted is translated.
_CHANNELS = {
    "pos": gettext_lazy("Purchases"),
    "store": gettext_lazy("At the counter"),
    "call": gettext_lazy("Phone"),
    "chat": gettext_lazy("Chat"),
    "mail": gettext_lazy("Mail"),
    "message": gettext_lazy("Messenger"),
    "ticket": gettext_lazy("Opened by us"),
}
_WITHIN_THE_HOUSE = gettext_lazy("Notes")
_WAY = '<a href="{}" class="btn btn-ghost btn-xs h-8" aria-label="{}">{}</a>'


@register.simple_tag
def receipt_lines(purchases: Iterable[Purchase]) -> SafeString:
    """Each receipt with its first items."""
    lines, reading = [], Reading()
    for receipt in purchases:
        lines.append(
            _RECEIPT.format(
                seen=reading.ago(receipt.time),
                store=escape(receipt.store),
                tone="text-error" if receipt.is_refund else "",
                refund=f"{escape(_('Refund'))} −" if receipt.is_refund else "",
                total=escape(receipt.total),
                items=_items(receipt.items),
            )
        )
    return SafeString("\n".join(lines))


def _items(items: Sequence[Item]) -> str:
    lines = [
        _ITEM.format(
            escape(item.name),
            f" × {escape(item.quantity)}" if item.quantity else "",
            _AMOUNT.format(escape(item.amount)) if len(items) > 1 else "",
        )
        for item in items[:ITEMS_SHOWN]
    ]
    if len(items) > ITEMS_SHOWN:
        lines.append(_IN_ALL.format(escape(_("%(count)s items in all") % {"count": len(items)})))
    return "".join(lines)


class Ticket(Protocol):
    """What a line says of a ticket."""

    public_id: UUID
    channel: str
    last_event_at: datetime

    @property
    def is_open(self) -> bool: ...


class Matter(Protocol):
    """One of her tickets; `is_reached` where the reader may open the conversation."""

    @property
    def ticket(self) -> Ticket: ...
    @property
    def topic(self) -> str: ...
    @property
    def agent(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def is_reached(self) -> bool: ...


@register.simple_tag
def matter_lines(matters: Iterable[Matter], *, is_without_ways: bool) -> SafeString:
    """Each ticket, with a way to its conversation where the reader may open it; or all without."""
    # One address for all: looking it up takes as long as drawing a line.
    address, way = reverse("tickets:detail", args=[_NOBODY]), escape(_("Open the conversation"))
    chevron = icon("chevron-right", "size-4")
    lines, reading = [], Reading()
    for matter in matters:
        ticket, channel = matter.ticket, escape(channel_name(matter.ticket.channel))
        to_it = address.replace(str(_NOBODY), str(ticket.public_id))
        lines.append(
            _MATTER.format(
                title=escape(matter.topic) if matter.topic else channel,
                channel=f"{channel} · " if matter.topic else "",
                seen=reading.ago(ticket.last_event_at),
                agent=f" · {escape(matter.agent)}" if matter.agent else "",
                tone="badge-warning" if ticket.is_open else "badge-ghost",
                status=escape(matter.status),
                way=_WAY.format(to_it, way, chevron) if matter.is_reached and not is_without_ways else "",
            )
        )
    return SafeString("\n".join(lines))


@register.simple_tag
def channel_name(channel: str) -> str:
    """A channel as screens call it; what has none is work within the house."""
    return str(_CHANNELS.get(channel, _WITHIN_THE_HOUSE))
