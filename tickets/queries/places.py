"""A list's tickets looked up place by place: at each center, in each channel, as `ticket_of_place` keeps them.

A center and a channel may leave few of all that are open. PostgreSQL would look through all of them for those, in
the order of the list; told each place by itself, it reads only what is meant. SQLite, for small shops, reads them all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from cxhub.prepared import Prepared, Told
from tickets.models.ticket import TicketQuerySet
from tickets.policies import Reach
from tickets.queries.lists import Asked, Say, View, filters

_CHANNELS = "unnest(%s::text[]) AS way(channel)"
_CENTERS = "unnest(%s::bigint[]) AS place(center)"
_ALL_CENTERS = "(SELECT id FROM accounts_center WHERE organization_id = %s) AS place(center)"


@dataclass(frozen=True, slots=True)
class Text:
    """A SELECT, and its parameters with `Told` ones among them."""

    statement: str
    parameters: tuple[Any, ...]


def is_narrow(reach: Reach, asked: Asked) -> bool:
    """Whether only some of an organization's places are meant."""
    return reach.centers is not None or asked.center is not None or bool(asked.channel)


def is_of_few(asked: Asked) -> bool:
    """Whether a filter has an index of its own, as few tickets have what it asks for."""
    return asked.is_pressing or bool(asked.tag)


def looked_up(asked: Asked, view: View) -> Callable[..., Text]:
    """How a view is looked through: at each place, or by an index of its own that holds little else."""
    return by_place if view in (View.OPEN, View.WAITING) and not is_of_few(asked) else plain


def plain(reach: Reach, asked: Asked, rows: TicketQuerySet, say: Say, *, by: str, limit: int) -> Text:
    """Keys of the first of `rows`, those of the organization within reach and filters, by `by` and key; with "", of any.

    One index serves it.
    """
    found = rows.filter(reach.told_rows, filters(asked, say, reach))
    return _first(found.filter(organization_id=say("organization_id", None)), by, limit, with_order=False)


def by_place(reach: Reach, asked: Asked, rows: TicketQuerySet, say: Say, *, by: str, limit: int) -> Text:
    """The same, where rows are looked for at each place."""
    if connection.vendor != "postgresql" or reach.stores:
        return plain(reach, asked, rows, say, by=by, limit=limit)
    organization = say("organization_id", None)
    # Written so that no other index seems as good: a new organization has one ticket, as far as PostgreSQL knows.
    is_own = RawSQL("tickets_ticket.organization_id + 0 = %s", (organization,), output_field=BooleanField())
    chosen = filters(asked, say, reach, with_place=False)
    in_place = rows.filter(chosen, is_own, center=RawSQL("place.center", ()), channel=RawSQL("way.channel", ()))
    at_center = _first(in_place, by, limit, with_order=True)
    is_everywhere = reach.centers is None and asked.center is None
    centers = organization if is_everywhere else _listed(say, "place_centers")
    where = f"{_ALL_CENTERS if is_everywhere else _CENTERS} CROSS JOIN {_CHANNELS}"
    statement = f"SELECT part.* FROM {where} CROSS JOIN LATERAL ({at_center.statement}) AS part"  # noqa: S608
    parameters = (centers, _listed(say, "place_channels"), *at_center.parameters)
    if asked.center is None and (reach.centers is None or reach.has_unclaimed):
        chosen = filters(asked, say, reach)
        at_none = rows.filter(chosen, organization_id=organization, center=None)
        unclaimed = _first(at_none, by, limit, with_order=True)
        statement += f" UNION ALL ({unclaimed.statement})"
        parameters += unclaimed.parameters
    order = f" ORDER BY {_bare(by)}{_direction(by)}, pk{_direction(by)}" if by else ""
    return Text(f"SELECT pk FROM ({statement}) AS everywhere{order} LIMIT {limit}", parameters)  # noqa: S608


def count(keys: Text) -> Text:
    return Text(f"(SELECT count(*) FROM ({keys.statement}) AS counted)", keys.parameters)  # noqa: S608


def _first(rows: TicketQuerySet, by: str, limit: int, *, with_order: bool) -> Text:
    columns = ["pk", _bare(by)] if by and with_order else ["pk"]
    ordered = rows.order_by(*([by, "-pk" if _direction(by) else "pk"] if by else []))
    kept = Prepared(lambda: ordered.values_list(*columns)[:limit]).kept
    return Text(kept.statement, kept.parameters)


def _listed(say: Say, name: str) -> Told:
    place = say(name, None)
    assert isinstance(place, Told), "Places are told later."
    place.is_list = True
    return place


def _bare(by: str) -> str:
    return by.removeprefix("-")


def _direction(by: str) -> str:
    return " DESC" if by.startswith("-") else ""
