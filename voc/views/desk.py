"""What was heard, where people work: marks beside messages, correcting one, and a customer's curve. Fragments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_http_methods

from accounts import audit
from accounts.access import open_to, organization_of, person_of
from accounts.models import Person
from accounts.policies import Permission
from customers.views.opening import open_profile
from tickets.queries import ticket_for
from voc.actions.correcting import Correction, CorrectionRefused, correct
from voc.models import Act, Mood, Severity, Tagging, Voice
from voc.queries.journey import curve_of
from voc.queries.marks import marks_in
from voc.queries.numbers import topics_by_id
from voc.queries.sentences import shown, voice_for


@require_GET
@open_to(Permission.USE_INBOX)
def marks(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """All marks of a conversation; static/js/voices.js puts each beside its line."""
    ticket = ticket_for(person_of(request), ticket_id)
    return render(request, "voc/partials/marks.html", {"ticket": ticket, "lines": marks_in(ticket)})


@require_http_methods(["GET", "POST"])
@open_to(Permission.USE_INBOX)
def voice(request: HttpRequest, voice_id: UUID) -> HttpResponse:
    """One sentence with all that can be said of it; each answer is one press, and saved at once."""
    person = person_of(request)
    heard = voice_for(person, voice_id)
    refusal = ""
    if request.method == "POST":
        try:
            correct(heard, _told(heard, request.POST), by=person, at=now())
        except CorrectionRefused as refused:
            refusal = str(refused)
    else:
        customer = heard.customer.public_id if heard.customer else None
        audit.record_for(request, action="voc.view", obj=f"voice {heard.public_id}", customer_id=customer)
    is_part = request.method == "POST" and request.htmx  # type: ignore[attr-defined]
    context = {**_context(request, person, heard), "refusal": refusal, "is_answered": is_part}
    response = render(request, "voc/partials/voice.html" if is_part else "voc/voice.html", context)
    if request.method == "POST" and not refusal:
        response["HX-Trigger"] = "voices-changed"
    return response


@require_GET
@open_to(Permission.USE_INBOX)
def curve(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """How she has felt over time; nothing where she has said nothing."""
    profile = open_profile(request, customer_id, what="curve", is_part=True)
    return render(request, "voc/partials/curve.html", {"curve": curve_of(person_of(request), profile)})


def _context(request: HttpRequest, person: Person, heard: Voice) -> dict[str, Any]:
    heard = Voice.objects.select_related("organization", "customer").get(pk=heard.pk)
    (one,) = shown(person, [heard])
    topics = list(topics_by_id(organization_of(request)).values())
    moods = {told.topic.pk: told.sentiment for told in one.topics}
    first = [topic for topic in topics if topic.parent_id is None]
    tagging = Tagging.objects.filter(voice=heard, is_current=True).select_related("person", "layer").first()
    return {
        "one": one,
        "heard": heard,
        "tagging": tagging,
        "acts": Act.choices,
        "moods": [(value, label) for value, label in reversed(Mood.choices)],
        "severities": Severity.choices,
        "topics": [(topic, moods.get(topic.pk)) for topic in first],
        "parts": [(topic, moods.get(topic.pk)) for topic in topics if topic.parent_id is not None],
        "chosen": [(told.topic, told.sentiment) for told in one.topics],
    }


def _told(heard: Voice, said: Mapping[str, str]) -> Correction:
    """What one press says. Raises CorrectionRefused by way of `correct` for what nobody offers."""
    if "act" in said:
        return Correction(act=said["act"])
    if "severity" in said:
        return Correction(severity=said["severity"] if said["severity"] in Severity else None)
    topics = {row.topic.slug: row.sentiment for row in heard.topics.select_related("topic")}
    if "topic" in said:
        if said["topic"] in topics:
            del topics[said["topic"]]
        else:
            topics[said["topic"]] = heard.sentiment
        return Correction(topics=topics)
    mood = {"1": 1, "0": 0, "-1": -1}.get(said.get("mood", ""), 9)
    if said.get("of") in topics:
        return Correction(topics={**topics, said["of"]: mood})
    return Correction(sentiment=mood)
