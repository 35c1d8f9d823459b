"""The board of what customers say: the overview, one topic, and the sentences behind every number."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.access import open_to, organization_of, person_of
from accounts.models import Person
from accounts.policies import Permission
from accounts.queries import NotFound, centers_for, stores_for
from cxhub.identifiers import is_uuid
from voc.forms import CHANNELS, Asked, asked_of
from voc.models import Improvement, Mood
from voc.policies import may_edit_improvements
from voc.queries.board import TopicLine, board_for, columns_of, places_of
from voc.queries.causes import causes_of
from voc.queries.fresh import heard_until
from voc.queries.improvements import improvement_for, improvements_for
from voc.queries.notices import recent_for
from voc.queries.numbers import counts_by_topic, topics_by_id, with_parts
from voc.queries.sentences import SentencePage, sentences_of
from voc.queries.topics import topic_for
from voc.queries.words import rising_words

OPEN = (Improvement.State.PROPOSED, Improvement.State.DOING)
FIRST_IMPROVEMENTS = 3


@require_GET
@open_to(Permission.USE_INBOX)
def board(request: HttpRequest) -> HttpResponse:
    person, at = person_of(request), now()
    asked = asked_of(request.GET, person, at=at)
    found = board_for(person, asked.chosen, first=asked.first, last=asked.last, query=asked.pairs)
    today = at.astimezone(organization_of(request).zone).date()
    context = {
        "board": found,
        "notices": recent_for(person, at=at),
        "improvements": improvements_for(person, states=OPEN, today=today)[:FIRST_IMPROVEMENTS],
        "may_edit": may_edit_improvements(person),
        **_fresh(request, asked, at),
        **_filters(person, asked, reverse("voc:board")),
    }
    return render(request, "voc/board.html", context)


@require_GET
@open_to(Permission.USE_INBOX)
def topic(request: HttpRequest, topic_id: UUID) -> HttpResponse:
    """All that is said of one topic: how it runs, where, with which words, what stood before, and the sentences."""
    person, at = person_of(request), now()
    shown = topic_for(person, topic_id)
    asked = asked_of(request.GET, person, at=at, topic_ids=with_parts(shown))
    columns, by_week = columns_of(person, asked.chosen, asked.first, asked.last)
    rows = [row for row in counts_by_topic(person, asked.chosen) if row.topic.pk in (shown.pk, shown.parent_id)]
    lines = [TopicLine(row.topic, row.count, row.parts) for row in rows]
    page = sentences_of(person, asked.chosen, size=10)
    _log(request, page, f"topic {shown.public_id}")
    context = {
        "topic": shown,
        "line": lines[0] if lines else None,
        "columns": columns,
        "by_week": by_week,
        "places": places_of(person, asked.chosen),
        "words": rising_words(person, asked.chosen, most=12),
        "causes": causes_of(person, asked.chosen, shown),
        "page": page,
        "may_edit": may_edit_improvements(person),
        "improvements": [
            one
            for one in improvements_for(
                person, states=Improvement.State.values, today=at.astimezone(organization_of(request).zone).date()
            )
            if one.improvement.topic_id in (shown.pk, shown.parent_id)
        ],
        **_fresh(request, asked, at),
        **_filters(person, asked, reverse("voc:board_topic", args=[shown.public_id])),
    }
    return render(request, "voc/topic.html", context)


@require_GET
@open_to(Permission.USE_INBOX)
def sentences(request: HttpRequest) -> HttpResponse:
    """The sentences behind a number: a page of them, or what follows a cursor."""
    person, at = person_of(request), now()
    known = {one.public_id.hex: one for one in topics_by_id(organization_of(request)).values()}
    shown = known.get(request.GET.get("topic", "").replace("-", ""))
    asked = asked_of(request.GET, person, at=at, topic_ids=with_parts(shown) if shown else ())
    is_severe = request.GET.get("severe") == "1"
    page = sentences_of(
        person, asked.chosen, word=asked.word, is_severe=is_severe, cursor=request.GET.get("cursor", "")
    )
    _log(request, page, "sentences")
    improvement = _adding_to(request, person)
    extra = {
        "topic": shown.public_id.hex if shown else "",
        "severe": "1" if is_severe else "",
        "improvement": improvement.public_id.hex if improvement else "",
    }
    url = reverse("voc:sentences")
    following = asked.query(**extra, cursor=page.next_cursor)
    context = {
        "page": page,
        "topic": shown,
        "is_severe": is_severe,
        "improvement": improvement,
        "next_url": url + following if page.next_cursor else "",
        "may_edit": may_edit_improvements(person),
        **_fresh(request, asked, at),
        **_filters(person, asked, url, **extra),
    }
    is_more = request.GET.get("cursor") and request.htmx  # type: ignore[attr-defined]
    return render(request, "voc/partials/said_rows.html" if is_more else "voc/sentences.html", context)


def _adding_to(request: HttpRequest, person: Person) -> Improvement | None:
    """The improvement to which picked sentences are added."""
    named = request.GET.get("improvement", "")
    if not named:
        return None
    if not is_uuid(named):
        raise NotFound
    return improvement_for(person, UUID(named)) if may_edit_improvements(person) else None


def _fresh(request: HttpRequest, asked: Asked, at: datetime) -> dict[str, Any]:
    """Up to when what was said is on the page. `here_url`: the page as it was asked for, so that days not named move on with the day."""
    organization = organization_of(request)
    return {
        "fresh": heard_until(organization, at),
        "is_running": asked.last >= at.astimezone(organization.zone).date(),
        "here_url": request.get_full_path(),
    }


def _filters(person: Person, asked: Asked, url: str, **kept: str) -> dict[str, Any]:
    """What the filters and every link of the page need. `kept` goes along hidden."""
    without = replace(
        asked, chosen=replace(asked.chosen, channel="", center=None, store=None, product="", sentiment=None)
    )
    return {
        "asked": asked,
        "url": url,
        "kept": [(name, value) for name, value in kept.items() if value],
        "query": asked.query(),
        "cleared_url": url + replace(without, word="", center=None, store=None).query(**kept),
        "channels": CHANNELS,
        "centers": list(centers_for(person).order_by("name", "pk")),
        "stores": list(stores_for(person).order_by("name", "pk")),
        "moods": list(Mood),
    }


def _log(request: HttpRequest, page: SentencePage, what: str) -> None:
    audit.record_for_customers(
        organization_of(request), page.customer_ids, by=person_of(request), action="voc.view", obj=what
    )
