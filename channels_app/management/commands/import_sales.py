"""Imports a till's sales file (CSV, CSV.gz, XLSX) as the screen does: progress on stderr, the summary on stdout.

Exit code 0: all rows are in the history; 3: some were refused; 1: nothing could be imported; 130: interrupted.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.actors import System
from accounts.management.organizations import add_organization, organization_of
from accounts.models import Organization
from channels_app.models import SalesImport
from channels_app.sales_file import actions, working
from channels_app.sales_file.choices import Choices, suggested
from channels_app.sales_file.columns import column_letter, mapped_by_hand
from channels_app.sales_file.reasons import FIELDS, FileProblem, describe
from channels_app.sales_file.report import refused_csv
from channels_app.sales_file.table import open_table

BY = System("import_sales")
SOME_REFUSED, INTERRUPTED = 3, 130
PIECE = 1024 * 1024
Status = SalesImport.Status


class Command(BaseCommand):
    help = "Imports a sales file of a till. The same file twice adds nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        add_organization(parser)
        parser.add_argument(
            "--source",
            default=actions.DEFAULT_SOURCE,
            help="path under which the sales are known (default: %(default)s)",
        )
        parser.add_argument("--store", default="", metavar="SLUG", help="where a row that names no store was sold")
        parser.add_argument(
            "--store-name", action="append", default=[], metavar="NAME=SLUG", help="whom a name in the file means"
        )
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help=f"column by its name, letter or number; empty for none. Fields: {', '.join(FIELDS)}",
        )
        parser.add_argument("--encoding", default="", help="utf-8, cp949, utf-16 or cp1252 (default: found out)")
        parser.add_argument("--date-order", default="", choices=["dmy", "mdy"], help="how 03/04/2026 is meant")
        parser.add_argument("--refund-prefix", metavar="TEXT", help="receipts that begin with it are refunds")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and stop")
        parser.add_argument("--refused-to", type=Path, metavar="FILE", help="write the refused rows to this CSV file")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = organization_of(options)
        if not options["file"].is_file():
            raise CommandError(_("There is no file %(name)s.") % {"name": options["file"]})
        options["map"], options["store_name"] = dict(_pairs(options["map"])), dict(_pairs(options["store_name"]))
        sales_import: SalesImport | None = None
        try:
            sales_import = self._upload(organization, options)
            self._import(sales_import, options)
        except FileProblem as problem:
            if sales_import is not None and not sales_import.is_over:
                actions.cancel_import(sales_import, by=BY, at=now())
            raise CommandError(str(problem)) from problem
        except actions.HasMovedOn as stopped:
            raise CommandError(_("Somebody stopped this import meanwhile. What was added stays.")) from stopped
        except KeyboardInterrupt:
            if sales_import is not None:
                actions.cancel_import(sales_import, by=BY, at=now())
            self.stderr.write(_("Interrupted. What was imported stays; the same command goes on from there."))
            sys.exit(INTERRUPTED)

    def _upload(self, organization: Organization, options: dict[str, Any]) -> SalesImport:
        return actions.upload_sales_file(
            organization,
            _pieces(options["file"]),
            file_name=options["file"].name,
            by=BY,
            at=now(),
            source=options["source"],
            encoding=options["encoding"],
        )

    def _import(self, sales_import: SalesImport, options: dict[str, Any]) -> None:
        if sales_import.error:
            raise FileProblem(sales_import.error["code"], **sales_import.error["params"])
        table = open_table(working.file_of(sales_import), encoding=working.choices_of(sales_import).encoding)
        columns, choices = self._decide(sales_import, table.header, options)
        for field, index in sorted(columns.items(), key=lambda item: item[1]):
            self.stderr.write(f"  {column_letter(index)} {table.header[index]} → {FIELDS[field]}")
        claim = uuid4()
        actions.choose_columns(sales_import, table, columns=columns, choices=choices, by=BY, at=now(), claim=claim)
        self._work(sales_import, claim)
        self._write_preview(sales_import)
        if options["dry_run"]:
            actions.cancel_import(sales_import, by=BY, at=now())
            return
        claim = uuid4()
        actions.start_import(sales_import, by=BY, at=now(), claim=claim)
        self._work(sales_import, claim)
        self._write_report(sales_import, options["refused_to"])

    def _decide(
        self, sales_import: SalesImport, header: tuple[str, ...], options: dict[str, Any]
    ) -> tuple[dict[str, int], Choices]:
        """Returns columns and choices: remembered or recognised, then what the command line says."""
        named = options["map"]
        by_hand = mapped_by_hand(header, named)
        columns = {
            field: index
            for field, index in sales_import.mapping.items()
            if field not in named and index not in by_hand.values()
        } | by_hand
        choices = working.choices_of(sales_import)
        if named:
            hint = suggested(header, columns)
            choices = msgspec.structs.replace(
                choices, receipts_repeat=hint.receipts_repeat, refund_prefix=hint.refund_prefix
            )
        changes: dict[str, Any] = {"store_names": choices.store_names | options["store_name"]}
        for name in ("store", "date_order"):
            if options[name]:
                changes[name] = options[name]
        if options["refund_prefix"] is not None:
            changes["refund_prefix"] = options["refund_prefix"]
        return columns, msgspec.structs.replace(choices, **changes)

    def _work(self, sales_import: SalesImport, claim: Any) -> None:
        shown = -1

        def show(current: SalesImport) -> None:
            nonlocal shown
            step = current.rows_done // 1000 if not current.rows_total else current.percent
            if step != shown and self.stderr.isatty():
                shown = step
                done = f"{current.percent:3}%" if current.rows_total else ""
                self.stderr.write(f"\r{done} {current.rows_done:,} ", ending="")

        working.work_on(sales_import.pk, sales_import.status, claim=claim, listener=show)
        if self.stderr.isatty():
            self.stderr.write("")
        sales_import.refresh_from_db()
        if sales_import.status == Status.FAILED:
            raise FileProblem(sales_import.error["code"], **sales_import.error["params"])
        if sales_import.status not in {Status.PREVIEWED, Status.DONE}:
            raise actions.HasMovedOn

    def _write_preview(self, sales_import: SalesImport) -> None:
        figures = sales_import.preview
        money = {"currency": sales_import.organization.currency}
        for line in (
            _("Rows: %(rows)s; sums left out: %(total_rows)s"),
            _("Period: %(first)s – %(last)s"),
            _("Sales to add: %(sales)s (%(sales_total)s %(currency)s)"),
            _("Refunds to add: %(refunds)s (%(refunds_total)s %(currency)s)"),
            _("Customers: %(customers_new)s new, %(customers_known)s known; anonymous: %(anonymous)s"),
            _("Already there: %(duplicates)s"),
            _("Rows refused: %(refused)s"),
        ):
            self.stdout.write(line % (figures | money))
        for name in figures["unknown_stores"]:
            self.stdout.write("  " + describe("store_not_known", {"value": name}))
        for row in figures["shown"]:
            self.stdout.write(f"  {row['row']}: {describe(row['code'], row['params'])}")

    def _write_report(self, sales_import: SalesImport, refused_to: Path | None) -> None:
        counts = {
            "created": sales_import.events_created,
            "duplicates": sales_import.duplicates,
            "refused": sales_import.refused,
        }
        self.stdout.write(
            _("Done: %(created)s added, %(duplicates)s were already there, %(refused)s rows refused.") % counts
        )
        if refused_to is not None:
            with refused_to.open("wb") as file:
                file.writelines(refused_csv(sales_import))
        if sales_import.refused:
            sys.exit(SOME_REFUSED)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _pairs(told: list[str]) -> Iterator[tuple[str, str]]:
    for pair in told:
        left, sign, right = pair.partition("=")
        if not sign or not left.strip():
            raise CommandError(_("“%(pair)s” is not of the form NAME=VALUE.") % {"pair": pair})
        yield left.strip(), right.strip()
