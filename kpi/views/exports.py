"""Takes tables out: what and why is asked, small ones come at once, large ones by the worker with progress."""

from __future__ import annotations

import tempfile
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import open_to, organization_of, person_of
from accounts.policies import Permission
from accounts.queries import NotFound
from kpi.actions.exports import ask_for_export, file_name, file_of, note_download, note_export
from kpi.exporting.tables import TABLES, TICKETS, NoSuchTable, Table, table_for, told_params
from kpi.exporting.writing import TYPES, write
from kpi.forms import ExportForm
from kpi.models import Export
from kpi.queries.numbers import number_in
from kpi.queries.question import BadQuestion
from kpi.queries.wanted import FILTERS, wanted_of
from kpi.tasks import make_export

# Up to so many rows a person waits for hers.
AT_ONCE = 2000
IN_MEMORY_BYTES = 5_000_000
SHOWN = 30
WORDS = (
    *("period", "first", "last", "by", "trend", *FILTERS),
    *("table", "figure", "part", "cut", "key", "weekday", "hour", "over", "upto"),
)


@require_http_methods(["GET", "POST"])
@open_to(Permission.SEE_FIGURES)
def export(request: HttpRequest) -> HttpResponseBase:
    """Asks for the file's kind, and for a reason where customers' names are in it; then gives or begins it."""
    person, at = person_of(request), clock()
    params = request.GET
    wanted = wanted_of(person, params, now=at)
    name = params.get("table") or "cut"
    try:
        table = table_for(person, wanted, name, params)
    except (NoSuchTable, BadQuestion):
        return render(request, "kpi/export.html", {"wanted": wanted, "is_unknown": True}, status=404)
    form = ExportForm(request.POST if request.method == "POST" else None, needs_reason=table.is_personal)
    if request.method != "POST" or not form.is_valid():
        context = {
            "wanted": wanted,
            "form": form,
            "table": table,
            "tables": [(one, label) for one, label in TABLES.items() if one != TICKETS or number_in(params)],
            "query": request.META.get("QUERY_STRING", ""),
            "is_large": table.count > AT_ONCE,
        }
        return render(request, "kpi/export.html", context, status=422 if form.errors else 200)
    kind, reason = form.cleaned_data["format"], form.cleaned_data.get("reason", "")
    if table.count > AT_ONCE:
        # The days are named: a period that goes with the calendar would be another one by the time it is made.
        told = told_params(params, WORDS) | wanted.fixed | {"table": name}
        row = ask_for_export(person, table, told, kind=kind, reason=reason, at=at)
        make_export.delay(export_id=row.pk)
        return redirect("kpi:export_detail", row.public_id)
    note_export(person, table, kind=kind, reason=reason, at=at)
    return _file(table, kind, file_name(table, kind, at))


def _file(table: Table, kind: str, name: str) -> FileResponse:
    out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - the response closes it
    write(table, kind, out)
    out.seek(0)
    response = FileResponse(out, as_attachment=True, filename=name, content_type=TYPES[kind])
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@open_to(Permission.SEE_FIGURES)
def export_list(request: HttpRequest) -> HttpResponse:
    """Her own, the latest first."""
    rows = Export.objects.filter(organization=organization_of(request), person=person_of(request))
    return render(request, "kpi/exports.html", {"exports": _named(list(rows.order_by("-created_at")[:SHOWN]))})


@require_GET
@open_to(Permission.SEE_FIGURES)
def export_detail(request: HttpRequest, export_id: UUID) -> HttpResponse:
    (shown,) = _named([_own(request, export_id)])
    return render(request, "kpi/exports.html", {"exports": [shown], "is_one": True})


@require_GET
@open_to(Permission.SEE_FIGURES)
def export_progress(request: HttpRequest, export_id: UUID) -> HttpResponse:
    (shown,) = _named([_own(request, export_id)])
    return render(request, "kpi/partials/export.html", {"shown": shown})


@require_GET
@open_to(Permission.SEE_FIGURES)
def export_file(request: HttpRequest, export_id: UUID) -> HttpResponseBase:
    """The file, to whoever asked for it alone; written down each time."""
    row = _own(request, export_id)
    path = file_of(row)
    if path is None:
        return redirect("kpi:export_detail", row.public_id)
    note_download(person_of(request), row, at=clock())
    response = FileResponse(path.open("rb"), as_attachment=True, filename=row.file_name, content_type=TYPES[row.format])
    response["Cache-Control"] = "no-store"
    return response


def _own(request: HttpRequest, export_id: UUID) -> Export:
    row = Export.objects.filter(
        organization=organization_of(request), person=person_of(request), public_id=export_id
    ).first()
    if row is None:
        raise NotFound
    return row


def _named(rows: list[Export]) -> list[dict[str, Any]]:
    return [
        {"export": row, "title": TABLES.get(row.query.get("table", ""), ""), "is_there": bool(file_of(row))}
        for row in rows
    ]
