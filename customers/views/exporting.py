"""Everything about one customer in a file, as the law gives her the right to ask for (R15): a reason first."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localtime, now
from django.views.decorators.http import require_http_methods

from accounts.access import open_to, person_of
from accounts.audit import record_for
from accounts.policies import Permission
from accounts.queries import NotFound
from customers import policies
from customers.export import write_archive
from customers.forms import ExportForm
from customers.views.opening import peek_at_profile
from tickets.queries.attachments import files_of_events
from tickets.queries.matters import all_matters_for
from tickets.queries.names import topic_names


@require_http_methods(["GET", "POST"])
@open_to(Permission.USE_INBOX)
def export(request: HttpRequest, customer_id: UUID) -> HttpResponseBase:
    """A zip of a page to read, a table and the whole as JSON; written down with its reason before it is given out."""
    person = person_of(request)
    if not policies.may_export(person):
        raise NotFound
    profile = peek_at_profile(request, customer_id)
    form = ExportForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "profile": profile}
        return render(request, "customers/export.html", context, status=422 if form.errors else 200)
    matters = all_matters_for(person, profile.organization, profile.ids)
    organization_id = profile.organization.pk
    archive, count = write_archive(
        profile,
        matters=matters,
        topics=topic_names(organization_id),
        files_of=lambda events: files_of_events(organization_id, events),
        at=now(),
    )
    record_for(
        request, action="customers.export", customer_id=profile.public_id, reason=form.words, after={"events": count}
    )
    name = f"customer-{profile.public_id.hex[:12]}-{localtime():%Y%m%d}.zip"
    response: HttpResponse | FileResponse = FileResponse(archive, as_attachment=True, filename=name)
    response["Cache-Control"] = "no-store"
    return response
