"""What a person sees of sales imports: the list, one import, its refused rows, and its file as a table."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import QuerySet

from accounts import policies
from accounts.models import Organization, Person
from accounts.policies import Permission
from accounts.queries import NotFound
from channels_app.models import ColumnMapping, RefusedRow, SalesImport
from channels_app.sales_file.columns import header_signature

SHOWN = 50


def imports_for(person: Person) -> QuerySet[SalesImport]:
    """The organization's imports, newest first, for those who may import; nobody else sees any."""
    if person.organization_id is None or not policies.may(person, Permission.IMPORT_SALES):
        return SalesImport.objects.none()
    imports = SalesImport.objects.filter(organization_id=person.organization_id).select_related("person")
    return imports.order_by("-created_at", "-pk")


def import_for(person: Person, public_id: UUID) -> SalesImport:
    """Returns one of them, or raises NotFound."""
    found = imports_for(person).select_related("organization", "person").filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def earlier_import_of_same_file(sales_import: SalesImport) -> SalesImport | None:
    """Returns the last finished import of a file with the same content."""
    return (
        SalesImport.objects.filter(
            organization_id=sales_import.organization_id,
            sha256=sales_import.sha256,
            status=SalesImport.Status.DONE,
        )
        .exclude(pk=sales_import.pk)
        .order_by("-finished_at", "-pk")
        .first()
    )


def refused_rows(sales_import: SalesImport) -> QuerySet[RefusedRow]:
    """The import's refused rows in the file's order."""
    return RefusedRow.objects.filter(organization_id=sales_import.organization_id, sales_import=sales_import).order_by(
        "row_number", "pk"
    )


def refused_lines(sales_import: SalesImport) -> Iterator[tuple[int, str, dict[str, object], list[str]]]:
    """Yields (row number, reason code, particulars, cells) of every refused row, a thousand at a time."""
    rows = refused_rows(sales_import).values_list("row_number", "reason", "params", "cells")
    return rows.iterator(chunk_size=1000)


def remembered_columns(organization: Organization, header: tuple[str, ...]) -> ColumnMapping | None:
    """Returns what a person decided for this header before."""
    return ColumnMapping.objects.filter(organization=organization, header_signature=header_signature(header)).first()
