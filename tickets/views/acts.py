"""What a person does with a ticket: each view checks who may, reads a form and knocks at the hub's own door.

The page's scripts get a fragment, a browser without them is led back to the ticket.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from accounts.access import open_to, organization_of, person_of
from accounts.models import Center, Person
from accounts.policies import Permission
from accounts.queries import NotFound
from channels_app.hub import actions, leading, wrapping
from channels_app.hub.actions import HubRefusal
from channels_app.hub.meanwhile import AnsweredMeanwhile
from customers.policies import sight_of
from customers.queries.profiles import profiles_of
from customers.resolve_reasons import REASONS
from cxhub.identifiers import is_uuid
from tickets import policies
from tickets.actions.availability import finish_wrap_up
from tickets.actions.drafts import DraftChanged, drop_draft, keep_draft
from tickets.forms import NoteForm, ReplyForm, ResolveForm, WrapUpForm
from tickets.models import Draft, Ticket
from tickets.queries import agent_names, ticket_for
from tickets.queries.claims import claim_told
from tickets.queries.merges import merged_into
from tickets.queries.people import assignee_for, assignees_for, mentionable_for, named_in
from tickets.queries.topics import topics_for
from tickets.views.ticket import head_context

Check = Callable[[Person, Ticket], bool]
Act = Callable[..., HttpResponseBase]


def act(
    may: Check, *, permission: Permission = Permission.USE_INBOX, methods: tuple[str, ...] = ("POST",)
) -> Callable[[Act], Callable[..., HttpResponseBase]]:
    """Opens a view to those who may, with the ticket in place of its id; what the hub refuses is told on the page.

    The view takes request, person and ticket, and whatever else its address names.
    """

    def decorate(view: Act) -> Callable[..., HttpResponseBase]:
        @require_http_methods(methods)
        @open_to(permission)
        @wraps(view)
        def guarded(request: HttpRequest, /, ticket_id: UUID, **more: UUID) -> HttpResponseBase:
            person = person_of(request)
            ticket = ticket_for(person, ticket_id)
            if not may(person, ticket):
                raise NotFound
            try:
                return view(request, person, ticket, **more)
            except HubRefusal as refusal:
                return told(request, ticket, str(refusal))

        return guarded

    return decorate


@act(policies.may_reply)
def reply(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return told(request, ticket, first_error(form))
    said = form.cleaned_data
    carrier = next((one for one in merged_into(ticket) if one.public_id == said["to"]), ticket)
    try:
        actions.reply_to_ticket(
            carrier,
            said["text"],
            by=person,
            at=timezone.now(),
            key=form.act_key(),
            seen=said["seen"] if carrier is ticket else None,
            quote=said["quote"],
            attachments=form.attachments,
            uploaded_in=ticket.thread,
        )
    except AnsweredMeanwhile as meanwhile:
        return _answered_meanwhile(request, person, ticket, said["text"], meanwhile)
    drop_draft(ticket, mode=Draft.Mode.REPLY, by=person, version=said["draft"])
    return _written(request, ticket)


@act(policies.may_note, permission=Permission.USE_COUNTER)
def note(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return told(request, ticket, first_error(form))
    said = form.cleaned_data
    actions.add_note(
        ticket,
        said["text"],
        by=person,
        at=timezone.now(),
        promise_due=form.promise_due(),
        promise_kept=said["kept"],
        key=form.act_key(),
        quote=said["quote"],
        mentioned=_mentioned(request, person, ticket, said["text"]),
    )
    drop_draft(ticket, mode=Draft.Mode.NOTE, by=person, version=said["draft"])
    return _written(request, ticket)


@act(policies.may_resolve, methods=("GET", "POST"))
def wrap_up(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    """After a call: the note, if there is one, what came of it, and what comes next, in one step. The topics by GET."""
    if request.method != "POST":
        return render(
            request, "tickets/partials/wrap_up_topics.html", {"ticket": ticket, "choices": topics_for(ticket)}
        )
    form = WrapUpForm(request.POST)
    if not form.is_valid():
        return told(request, ticket, first_error(form))
    key, at = form.act_key(), timezone.now()
    if text := form.cleaned_data["text"]:
        due, mentioned = form.promise_due(), _mentioned(request, person, ticket, text)
        actions.add_note(ticket, text, by=person, at=at, promise_due=due, key=key, mentioned=mentioned)
        drop_draft(ticket, mode=Draft.Mode.NOTE, by=person, version=form.cleaned_data["draft"])
    wrapping.wrap_up(
        ticket,
        topic=form.chosen_topic(),
        result=form.cleaned_data["result"],
        next_step=form.cleaned_data["next"] or "nothing",
        by=person,
        at=at,
        key=key,
    )
    finish_wrap_up(person, at=at)
    return _written(request, ticket)


@act(policies.may_assign)
def take(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    leading.take_over(ticket, by=person, at=timezone.now())
    return changed(request, person, ticket)


@act(policies.may_assign, methods=("GET", "POST"))
def assign(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    """The colleagues to choose from, and the choice."""
    if request.method == "POST":
        agent = assignee_for(person, ticket, request.POST.get("person", ""))
        actions.assign_ticket(ticket, agent, by=person, at=timezone.now())
        return changed(request, person, ticket)
    return menu(request, ticket, "assign", {"people": assignees_for(person, ticket)})


@act(policies.may_resolve, methods=("GET", "POST"))
def resolve(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    """The topics to choose from, and the choice; a ticket that is resolved already gets its topic corrected."""
    if request.method == "POST":
        form = ResolveForm(request.POST)
        if not form.is_valid():
            return told(request, ticket, first_error(form))
        reason = form.cleaned_data["reason"]
        actions.resolve_ticket(ticket, topic=form.chosen(), reason=reason, by=person, at=timezone.now())
        return changed(request, person, ticket)
    return menu(request, ticket, "resolve", {"choices": topics_for(ticket), "reasons": REASONS.items()})


@act(policies.may_resolve)
def reopen(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    actions.reopen_ticket(ticket, by=person, at=timezone.now())
    return changed(request, person, ticket)


@act(policies.may_confirm_identity)
def confirm(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    """The agent says on the record that the customer is who she said she is."""
    claimed = claim_told(ticket, request.POST.get("kind", ""), request.POST.get("value", ""))
    if claimed is None:
        raise NotFound
    actions.confirm_identity(ticket, claimed, by=person, at=timezone.now())
    return changed(request, person, ticket)


def _answered_meanwhile(
    request: HttpRequest, person: Person, ticket: Ticket, text: str, meanwhile: AnsweredMeanwhile
) -> HttpResponse:
    """Nothing was sent, and why; `X-Seen` is what to send along when she has read it and sends all the same."""
    names = agent_names(ticket.organization_id, [meanwhile.agent_email])
    problem = _("%(name)s answered while you were writing. Yours has not been sent: read the new message, then decide.")
    problem %= {"name": names.get(meanwhile.agent_email, meanwhile.agent_email)}
    if not is_scripted(request):
        with suppress(DraftChanged):
            keep_draft(ticket, text, mode=Draft.Mode.REPLY, by=person, at=timezone.now(), base=None)
        messages.error(request, problem)
        return redirect("tickets:detail", ticket_id=ticket.public_id)
    response = HttpResponse(problem, status=409, content_type="text/plain; charset=utf-8")
    response["X-Seen"] = str(meanwhile.seq)
    return response


def _mentioned(request: HttpRequest, person: Person, ticket: Ticket, text: str) -> list[Person]:
    """Whom a note calls: by what it says, and by whom she picked where two have one name."""
    if "@" not in text:
        return []
    chosen = {UUID(one) for one in request.POST.getlist("mention")[:50] if is_uuid(one)}
    return named_in(text, mentionable_for(person, ticket), chosen=chosen)


def is_scripted(request: HttpRequest) -> bool:
    return bool(request.htmx)  # type: ignore[attr-defined]


def _written(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """Acknowledged: the page drops its draft and fetches what it lacks, as for anybody's message."""
    return HttpResponse(status=204) if is_scripted(request) else redirect("tickets:detail", ticket_id=ticket.public_id)


def changed(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    if not is_scripted(request):
        return redirect("tickets:detail", ticket_id=ticket.public_id)
    ticket = ticket_for(person, ticket.public_id)
    profile = None
    if ticket.customer:
        root_id = ticket.customer.root_id
        profile = profiles_of(organization_of(request), [root_id], sight=sight_of(person))[root_id]
    response = render(request, "tickets/partials/head_and_wrap_up.html", head_context(person, ticket, profile))
    return trigger_client_event(response, "ticket-changed", after="swap")


def changed_or_gone(request: HttpRequest, person: Person, ticket: Ticket, center: Center) -> HttpResponse:
    """As `changed`, or back to her list where the ticket is now out of her reach."""
    try:
        ticket_for(person, ticket.public_id)
    except NotFound:
        messages.success(request, _("The ticket was handed to %(center)s.") % {"center": center.name})
        inbox = reverse("tickets:inbox")
        return HttpResponseClientRedirect(inbox) if is_scripted(request) else redirect(inbox)
    return changed(request, person, ticket)


def menu(request: HttpRequest, ticket: Ticket, name: str, context: dict[str, object]) -> HttpResponse:
    """What unfolds below a button, or a small page of its own where scripts do not run."""
    context |= {"ticket": ticket, "menu": f"tickets/partials/{name}.html"}
    return render(request, str(context["menu"]) if is_scripted(request) else "tickets/act.html", context)


def told(request: HttpRequest, ticket: Ticket, problem: str) -> HttpResponse:
    """What went wrong, in words for the person; what she typed stays on her page."""
    if not is_scripted(request):
        messages.error(request, problem)
        return redirect("tickets:detail", ticket_id=ticket.public_id)
    response = HttpResponse(problem, status=422, content_type="text/plain; charset=utf-8")
    response["HX-Reswap"] = "none"
    return trigger_client_event(response, "toast", {"text": problem, "level": "error"})


def first_error(form: Form) -> str:
    return str(next(iter(form.errors.values()))[0])
