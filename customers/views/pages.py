"""The customer page and the list before it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import open_to, person_of
from accounts.policies import Permission
from customers import policies
from customers.forms import ExportForm, ReasonForm
from customers.queries import CHANNELS, BadCursor, Profile, history_for
from customers.queries.suggestions import merges_of, suggestions_about, suggestions_for
from customers.queries.trail import changes_of
from customers.views.opening import open_profile
from customers.views.search import look_up, recent_hits
from customers.views.telling import tell
from tickets.queries.names import topic_names


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Permission.USE_INBOX)
def index(request: HttpRequest) -> HttpResponse:
    """The look-up, and whose history has grown last."""
    context: dict[str, Any] = {"place": "customers"}
    if request.method == "POST":
        context["typed"] = request.POST.get("q", "")[:100]
        context["results"] = look_up(request, context["typed"], place=context["place"])
    else:
        context["recent"] = recent_hits(request)
    context["suggestion_count"] = len(suggestions_for(person_of(request)))
    return render(request, "customers/index.html", context)


@require_safe
@open_to(Permission.USE_COUNTER)
def detail(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Everything known about one customer. The address of a profile that was merged away leads to where it went."""
    is_part = request.htmx and request.GET.get("part") == "summary"  # type: ignore[attr-defined]
    profile = open_profile(request, customer_id, is_part=is_part)
    if profile.public_id != customer_id:
        return redirect("customers:detail", profile.public_id, permanent=False)
    context = {"place": "customers", "profile": profile, **_context(request, profile)}
    if is_part:
        return TemplateResponse(request, "customers/partials/summary.html", context)
    return TemplateResponse(request, "customers/detail.html", context)


def _context(request: HttpRequest, profile: Profile) -> dict[str, Any]:
    person = person_of(request)
    is_full = not profile.sight.is_masked
    told = tell(request, profile)
    return {
        "told": told,
        "suggestions": suggestions_about(person, profile) if is_full and "suggestions" in told.seldom else [],
        "merges": merges_of(profile) if is_full and "merges" in told.seldom else [],
        "changes": changes_of(profile) if "changes" in told.seldom else [],
        "may_rename": is_full and policies.may_edit_name(person),
        "may_write_memo": is_full and policies.may_edit_memo(person),
        "may_decide": is_full and policies.may_decide_who_is_who(person),
        "reason_form": None if is_full else ReasonForm(),
        "export_form": ExportForm() if is_full and policies.may_export(person) else None,
    }


@require_safe
@open_to(Permission.USE_COUNTER)
def timeline(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """A page of history as a fragment: of one channel or all, older than a cursor."""
    profile = open_profile(request, customer_id, what="timeline", is_part=True)
    channel = request.GET.get("channel", "")
    channel = channel if channel in CHANNELS else ""
    before = request.GET.get("before", "")
    try:
        page = history_for(
            profile, before=before, channels=[channel] if channel else (), topics=topic_names(profile.organization.pk)
        )
    except BadCursor as cause:
        raise Http404 from cause
    context = {"profile": profile, "history": page, "channel": channel}
    part = "timeline_entries" if before else "timeline"
    return render(request, f"customers/partials/{part}.html", context)
