"""The audit trail on the screen: filter, export with a reason, monthly review and sign-off."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import actions, audit
from accounts.access import open_to, organization_of, person_of
from accounts.audit_queries import (
    AuditFilter,
    audit_entries_for,
    audit_month_for,
    audit_months_for,
    audit_page_for,
    audit_rows,
)
from accounts.forms.audit_log import AuditExportForm, AuditFilterForm, SignOffForm
from accounts.policies import Permission
from accounts.queries import NotFound


@require_GET
@open_to(Permission.READ_AUDIT)
def audit_log(request: HttpRequest) -> HttpResponse:
    reader = person_of(request)
    form = AuditFilterForm(request.GET, reader=reader)
    wanted = _wanted(form) if form.is_valid() else AuditFilter()
    before = request.GET.get("before", "")
    page = audit_page_for(reader, wanted, before=int(before) if before.isdecimal() else None)
    context = {
        "form": form,
        "page": page,
        "is_filtered": any(request.GET.get(name) for name in AuditFilterForm.base_fields),
        "next_url": _next_url(request.GET, page.next_before),
        "filter_query": _query(request.GET),
    }
    template = "accounts/audit_log.html#entries" if request.htmx and before else "accounts/audit_log.html"  # type: ignore[attr-defined]
    if not request.htmx:  # type: ignore[attr-defined]
        context["due_months"] = [month for month in audit_months_for(reader, now=now()) if month.is_due]
    return render(request, template, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@open_to(Permission.READ_AUDIT)
def audit_export(request: HttpRequest) -> HttpResponseBase:
    """Asks for a reason, writes it down, then streams the filtered trail as a CSV that Excel reads."""
    reader = person_of(request)
    if request.method == "GET":
        form = AuditExportForm(initial=request.GET.dict(), reader=reader)
        return render(request, "accounts/audit_export.html", {"form": form})
    form = AuditExportForm(request.POST, reader=reader)
    if not form.is_valid():
        return render(request, "accounts/audit_export.html", {"form": form}, status=422)
    organization = organization_of(request)
    entries = audit_entries_for(reader, _wanted(form))
    count = entries.count()
    audit.record_for(
        request,
        action="accounts.audit.export",
        reason=form.cleaned_data["reason"],
        after={"entries": count, "filter": _query(request.POST, without=("reason",))},
    )
    response = StreamingHttpResponse(
        _csv(audit_rows(entries, organization=organization)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="audit-{organization.slug}.csv"'
    return response


@require_GET
@open_to(Permission.READ_AUDIT)
def audit_reviews(request: HttpRequest) -> HttpResponse:
    months = audit_months_for(person_of(request), now=now())
    return render(request, "accounts/audit_reviews.html", {"months": months})


@require_http_methods(["GET", "POST"])
@open_to(Permission.READ_AUDIT)
def audit_review(request: HttpRequest, month: str) -> HttpResponse:
    """Shows a month's summary; a POST signs it off."""
    reader = person_of(request)
    month_date = _first_day(month)
    report = audit_month_for(reader, month_date, now=now())
    form = SignOffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.sign_off_audit_month(
                organization_of(request),
                month_date=month_date,
                note=form.cleaned_data["note"],
                by=reader,
                at=now(),
            )
        except actions.Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("The month is signed off."))
        return redirect("accounts:audit_review", month)
    return render(request, "accounts/audit_review.html", {"report": report, "form": form})


def _first_day(month: str) -> date:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError as error:
        raise NotFound from error


def _wanted(form: AuditFilterForm) -> AuditFilter:
    cleaned = form.cleaned_data
    return AuditFilter(
        person=cleaned["person"],
        action=cleaned["action"],
        customer_id=cleaned["customer"],
        from_date=cleaned["from_date"],
        to_date=cleaned["to_date"],
    )


def _query(values: QueryDict, *, without: tuple[str, ...] = ()) -> str:
    names = [name for name in AuditFilterForm.base_fields if name not in without and values.get(name)]
    return urlencode({name: values.get(name) for name in names})


def _next_url(values: QueryDict, before: int | None) -> str:
    if before is None:
        return ""
    return f"{reverse('accounts:audit_log')}?{_query(values)}&before={before}"


def _csv(rows: Iterator[list[str]]) -> Iterator[bytes]:
    """Yields a CSV with a byte order mark: Excel takes a file without one for another encoding."""
    heading = ["no", "time", "person", "account", "action", "object", "customer", "reason", "address", "request"]
    yield b"\xef\xbb\xbf"
    yield _line(heading)
    for row in rows:
        yield _line([_harmless(cell) for cell in row])


def _line(cells: list[str]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue().encode()


def _harmless(cell: str) -> str:
    """A spreadsheet runs what begins like a formula; an apostrophe makes it text."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
