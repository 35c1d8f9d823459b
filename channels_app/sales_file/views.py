"""The screens of sales imports: the list with upload, and one import from its columns to its report."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import audit
from accounts.access import open_to, organization_of, person_of
from accounts.policies import Permission
from channels_app.models import SalesImport
from channels_app.sales_file import actions, policies, queries, working
from channels_app.sales_file.forms import ColumnsForm, EncodingForm, UploadForm
from channels_app.sales_file.reasons import FileProblem, describe
from channels_app.sales_file.report import refused_csv
from channels_app.sales_file.table import open_table

PER_PAGE = 20
Status = SalesImport.Status


@open_to(Permission.IMPORT_SALES)
@require_http_methods(["GET", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            sales_import = actions.upload_sales_file(
                organization_of(request), file.chunks(), file_name=file.name, by=person, at=now()
            )
        except FileProblem as problem:
            form.add_error("file", str(problem))
        else:
            return redirect("channels:import_detail", sales_import.public_id)
    page = Paginator(queries.imports_for(person), PER_PAGE).get_page(request.GET.get("page"))
    status = 422 if form.errors else 200
    return render(request, "channels_app/sales_file/list.html", {"form": form, "page": page}, status=status)


@open_to(Permission.IMPORT_SALES)
@require_GET
def import_detail(request: HttpRequest, import_id: UUID) -> HttpResponse:
    sales_import = queries.import_for(person_of(request), import_id)
    if sales_import.status == Status.UPLOADED:
        return _columns_page(request, sales_import)
    return render(request, "channels_app/sales_file/detail.html", _shown(sales_import))


@open_to(Permission.IMPORT_SALES)
@require_GET
def import_progress(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The moving part of the page; when the state has changed, the whole page is fetched anew."""
    sales_import = queries.import_for(person_of(request), import_id)
    if request.GET.get("status") != sales_import.status:
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    return render(request, "channels_app/sales_file/partials/progress.html", _shown(sales_import))


@open_to(Permission.IMPORT_SALES)
@require_POST
def import_columns(request: HttpRequest, import_id: UUID) -> HttpResponse:
    sales_import = queries.import_for(person_of(request), import_id)
    return _columns_page(request, sales_import)


@open_to(Permission.IMPORT_SALES)
@require_POST
def import_encoding(request: HttpRequest, import_id: UUID) -> HttpResponse:
    sales_import = queries.import_for(person_of(request), import_id)
    form = EncodingForm(request.POST)
    if form.is_valid():
        try:
            actions.choose_encoding(
                sales_import, encoding=form.cleaned_data["encoding"], by=person_of(request), at=now()
            )
        except FileProblem as problem:
            messages.error(request, str(problem))
        except actions.HasMovedOn:
            _tell_moved_on(request)
    return redirect("channels:import_detail", import_id)


@open_to(Permission.IMPORT_SALES)
@require_POST
def import_reopen(request: HttpRequest, import_id: UUID) -> HttpResponse:
    return _do(request, import_id, lambda found: actions.reopen_columns(found, by=person_of(request)))


@open_to(Permission.IMPORT_SALES)
@require_POST
def import_start(request: HttpRequest, import_id: UUID) -> HttpResponse:
    return _do(request, import_id, lambda found: actions.start_import(found, by=person_of(request), at=now()))


@open_to(Permission.IMPORT_SALES)
@require_POST
def import_cancel(request: HttpRequest, import_id: UUID) -> HttpResponse:
    return _do(request, import_id, lambda found: actions.cancel_import(found, by=person_of(request), at=now()))


@open_to(Permission.IMPORT_SALES)
@require_GET
def import_refused(request: HttpRequest, import_id: UUID) -> StreamingHttpResponse:
    sales_import = queries.import_for(person_of(request), import_id)
    audit.record_for(request, action="channels.import.refused_rows", obj=str(sales_import.public_id))
    answer = StreamingHttpResponse(refused_csv(sales_import), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="refused-{localdate():%Y%m%d}.csv"'
    return answer


def _do(request: HttpRequest, import_id: UUID, action: Callable[[SalesImport], None]) -> HttpResponse:
    sales_import = queries.import_for(person_of(request), import_id)
    try:
        action(sales_import)
    except actions.HasMovedOn:
        _tell_moved_on(request)
    return redirect("channels:import_detail", import_id)


def _tell_moved_on(request: HttpRequest) -> None:
    messages.warning(request, _("The import had moved on meanwhile. This is how it stands now."))


def _columns_page(request: HttpRequest, sales_import: SalesImport) -> HttpResponse:
    """Shows the columns; a POST fixes them and goes on to the preview."""
    person = person_of(request)
    choices = working.choices_of(sales_import)
    try:
        table = open_table(working.file_of(sales_import), encoding=choices.encoding)
    except FileProblem as problem:
        shown = {"import": sales_import, "problem": str(problem), "encoding_form": None}
        if problem.code in actions.MAY_BE_HELPED:
            shown["encoding_form"] = EncodingForm()
        return render(request, "channels_app/sales_file/encoding.html", shown)
    form = ColumnsForm(
        request.POST or None,
        table=table,
        mapping=sales_import.mapping,
        choices=choices,
        stores=policies.writable_stores(person, organization_of(request)),
        unknown_stores=sales_import.preview.get("unknown_stores", []),
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_columns(
                sales_import, table, columns=form.cleaned_data["mapping"], choices=form.choices(), by=person, at=now()
            )
        except FileProblem as problem:
            form.add_error(None, str(problem))
        except actions.HasMovedOn:
            _tell_moved_on(request)
        if not form.errors:
            return redirect("channels:import_detail", sales_import.public_id)
    shown = {
        "import": sales_import,
        "form": form,
        "columns": form.columns(),
        "encoding_form": EncodingForm(initial={"encoding": table.encoding}) if table.encoding else None,
        "earlier": queries.earlier_import_of_same_file(sales_import),
    }
    return render(request, "channels_app/sales_file/columns.html", shown, status=422 if form.errors else 200)


def _shown(sales_import: SalesImport) -> dict[str, object]:
    preview = sales_import.preview
    context: dict[str, object] = {
        "import": sales_import,
        "preview": preview,
        "problem": describe(sales_import.error["code"], sales_import.error["params"]) if sales_import.error else "",
    }
    if sales_import.status == Status.PREVIEWED:
        context["refused"] = [
            {"row": line["row"], "reason": describe(line["code"], line["params"]), "cells": line["cells"]}
            for line in preview["shown"]
        ]
        context["earlier"] = queries.earlier_import_of_same_file(sales_import)
        for name in ("sales_total", "refunds_total"):
            context[name] = _money(preview[name], sales_import.organization.currency)
        context["adds"] = preview["sales"] + preview["refunds"]
    if sales_import.is_over:
        context["refused"] = [
            {"row": row.row_number, "reason": describe(row.reason, row.params), "cells": row.cells}
            for row in queries.refused_rows(sales_import)[: queries.SHOWN]
        ]
    return context


def _money(amount: str, currency: str) -> str:
    shown = f"{Decimal(amount):,.2f}".removesuffix(".00")
    return _("%(amount)s won") % {"amount": shown} if currency == "KRW" else f"{shown} {currency}"
