"""The live board: one page for leads and owners, and the same alone as the fragment that keeps it current."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import open_to
from accounts.policies import Permission
from tickets.actions.availability import SET_BY_LEADS
from tickets.forms import BoardForm
from tickets.models.availability import State
from tickets.queries.board import Board, board_for
from tickets.queries.counting import COUNTED_UP_TO
from tickets.queries.lists import CHANNELS, Asked
from tickets.queries.team import Member, Order, sorted_by, team_for
from tickets.views.asking import ListRequest, list_request


@require_GET
@open_to(Permission.SEE_PEOPLE)
def board(request: HttpRequest) -> HttpResponse:
    """Everything of the centers she reaches now, narrowed by center and channel; people by state, in her order."""
    wanted = list_request(request)
    form = BoardForm(request.GET)
    form.is_valid()
    said = form.cleaned_data
    now = timezone.now()
    asked = Asked(center=wanted.asked.center, channel=wanted.asked.channel, now=now)
    shown_centers = [one.pk for one in wanted.centers if asked.center in (None, one.pk)]
    found = board_for(wanted.reach, wanted.person, asked, centers=shown_centers)
    members = team_for(wanted.person, center=asked.center, at=now, done=found.done, on_call=found.on_call)
    order = Order(said.get("sort") or Order.STATE)
    context = {
        "board": found,
        "lines": _named(found, wanted),
        "members": _shown(members, said.get("state", ""), order),
        "states": _states(members),
        "member_count": len(members),
        "centers": wanted.centers,
        "center_slug": wanted.center_slug,
        "channel": asked.channel,
        "channels": CHANNELS,
        "state": said.get("state", ""),
        "settable": SET_BY_LEADS,
        "order": order,
        "orders": [(one.value, one.label) for one in Order],
        "inbox_query": urlencode({k: v for k, v in (("center", wanted.center_slug), ("channel", asked.channel)) if v}),
        "at": now,
        "is_cut": max(found.all.waiting, found.all.past, found.all.unassigned) >= COUNTED_UP_TO,
    }
    is_fragment = bool(request.htmx)  # type: ignore[attr-defined]
    return render(request, "tickets/partials/board.html" if is_fragment else "tickets/board.html", context)


def _named(found: Board, wanted: ListRequest) -> list[dict[str, Any]]:
    """The matrix's lines with their centers' names; that of no center has none."""
    centers = {one.pk: one for one in wanted.centers}
    return [
        {
            "center": centers.get(line.center_id) if line.center_id else None,
            "all": line.all,
            "cells": list(zip(CHANNELS, line.cells, strict=True)),
        }
        for line in found.lines
    ]


def _shown(members: list[Member], state: str, order: Order) -> list[Member]:
    some = [member for member in members if not state or member.state == state]
    return sorted_by(some, order)


def _states(members: list[Member]) -> list[tuple[State, int]]:
    """Each state and how many are in it."""
    return [(state, sum(1 for member in members if member.state is state)) for state in State]
