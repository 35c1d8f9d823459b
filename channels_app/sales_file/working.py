"""The worker's part of an import: the preview, and the run through the door, 500 events at a time.

Any number of workers may be told to work on one import; one claims it, and a silent one loses its claim. A run
that broke off is done again from where it was counted: the door makes the repeat harmless.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from itertools import islice
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.timezone import now

from channels_app.intake import Sender, receive
from channels_app.models import RefusedRow, SalesImport
from channels_app.outcomes import Outcome
from channels_app.sales_file.choices import Choices, rules_of
from channels_app.sales_file.forecast import BATCH, Forecast, batches
from channels_app.sales_file.lines import Rules
from channels_app.sales_file.plan import Plan
from channels_app.sales_file.reasons import FileProblem
from channels_app.sales_file.receipts import Planned
from channels_app.sales_file.table import Table, open_table
from customers.models import Event

CLAIM_SECONDS = 60
MAX_ATTEMPTS = 5
FOLDER = "sales_files"
Status = SalesImport.Status
Listener = Callable[[SalesImport], None]


class LostClaim(Exception):
    """The import was cancelled, or another worker has taken it over."""


def folder() -> Path:
    """Where uploaded files lie until their import is over."""
    return Path(settings.MEDIA_ROOT) / FOLDER


def file_of(sales_import: SalesImport) -> Path:
    """Returns the stored file. Raises FileProblem("gone")."""
    path = folder() / sales_import.stored_as
    if not sales_import.stored_as or not path.is_file():
        raise FileProblem("gone")
    return path


def choices_of(sales_import: SalesImport) -> Choices:
    """Returns what the person decided, from the import's row."""
    return msgspec.convert(sales_import.options, Choices)


def work_on(
    import_id: int, status: str, *, claim: UUID | None = None, listener: Listener = lambda _import: None
) -> None:
    """Makes the preview (`mapped`) or runs the import (`running`), if it is in that state and nobody else does.

    `claim` is one that the caller already holds; `listener` hears of every change.

    What is wrong with the file ends the import as failed; anything else is raised and may be tried again.
    """
    claim = claim or uuid4()
    at = now()
    free = Q(claim=None) | Q(claim=claim) | Q(beat_at__lt=at - timedelta(seconds=CLAIM_SECONDS))
    claimed = SalesImport.objects.filter(free, pk=import_id, status=status).update(
        claim=claim, beat_at=at, attempts=F("attempts") + 1
    )
    if not claimed:
        return
    sales_import = SalesImport.objects.select_related("organization", "person").get(pk=import_id)
    work = _Work(sales_import, claim, status, listener)
    with suppress(LostClaim):
        try:
            if sales_import.attempts > MAX_ATTEMPTS:
                raise FileProblem("broke_off", times=MAX_ATTEMPTS)
            work.preview() if status == Status.MAPPED else work.run()
        except FileProblem as problem:
            work.update(
                status=Status.FAILED,
                error={"code": problem.code, "params": problem.params},
                finished_at=now(),
                claim=None,
            )


class _Work:
    """One worker at one import, as long as it holds the claim."""

    def __init__(self, sales_import: SalesImport, claim: UUID, status: str, listener: Listener) -> None:
        self.sales_import, self.claim, self.status, self.listener = sales_import, claim, status, listener
        self.organization = sales_import.organization
        self.sender = Sender(
            label=f"sales file {sales_import.public_id}",
            sources=(sales_import.source,),
            person_id=sales_import.person_id,
        )
        # Whether some of what the door calls repeats may be this very import's work, before it broke off.
        self.is_repeat = sales_import.events_done > 0 or sales_import.attempts > 1

    def update(self, **fields: object) -> None:
        """Changes the import while it is ours. Raises LostClaim."""
        fields.setdefault("beat_at", now())
        mine = SalesImport.objects.filter(pk=self.sales_import.pk, claim=self.claim, status=self.status)
        if not mine.update(**fields):
            raise LostClaim
        self.sales_import.refresh_from_db(fields=[name for name in fields if name != "claim"])
        self.listener(self.sales_import)

    def _open(self) -> tuple[Table, Rules]:
        choices = choices_of(self.sales_import)
        table = open_table(file_of(self.sales_import), encoding=choices.encoding)
        return table, rules_of(
            self.sales_import.mapping, choices, zone=self.organization.zone, currency=self.organization.currency
        )

    def preview(self) -> None:
        table, rules = self._open()
        forecast = Forecast(self.organization, source=self.sales_import.source, sender=self.sender, at=now())
        with Plan(rules) as plan:
            plan.read(table.rows(), tick=lambda rows: self.update(rows_done=rows))
            for batch in batches(plan.events()):
                forecast.add(batch)
                self.update()
            figures = forecast.as_json(plan) | {"header": list(table.header)}
        self.update(
            status=Status.PREVIEWED, preview=figures, rows_total=figures["rows"], rows_done=0, attempts=0, claim=None
        )

    def run(self) -> None:
        table, rules = self._open()
        skip = self.sales_import.events_done
        with Plan(rules) as plan:
            plan.read(table.rows(), tick=lambda _rows: self.update())
            if plan.rows != self.sales_import.rows_total:
                self.update(rows_total=plan.rows)
            for batch in batches(islice(plan.events(), skip, None)):
                self._send(batch)
            self._finish(plan)
        with suppress(FileProblem):
            file_of(self.sales_import).unlink()

    def _send(self, batch: list[Planned]) -> None:
        at = now()
        envelopes = [planned.envelope(self.sales_import.source) for planned in batch]
        outcomes = receive(self.organization, envelopes, sender=self.sender, at=at)
        created = sum(outcome.is_created for outcome in outcomes)
        if self.is_repeat:
            created += self._own_repeats(outcomes)
        refused_events = sum(outcome.is_refused for outcome in outcomes)
        refused_rows = [row for pair in zip(batch, outcomes, strict=True) for row in self._refused_rows(*pair)]
        with transaction.atomic():
            # A batch that is sent again brings the same rows again.
            RefusedRow.objects.filter(
                organization=self.organization,
                sales_import=self.sales_import,
                at_door=True,
                row_number__in=[row.row_number for row in refused_rows],
            ).delete()
            RefusedRow.objects.bulk_create(refused_rows)
            self.update(
                events_done=F("events_done") + len(batch),
                events_created=F("events_created") + created,
                duplicates=F("duplicates") + len(batch) - created - refused_events,
                rows_done=F("rows_done") + sum(len(planned.lines) for planned in batch),
                attempts=0,
                beat_at=now(),
            )

    def _own_repeats(self, outcomes: list[Outcome]) -> int:
        """Counts what the door called a repeat and this import had created before it broke off."""
        return Event.objects.filter(
            organization=self.organization,
            public_id__in=[outcome.event for outcome in outcomes if not outcome.is_created and outcome.event],
            recorded_at__gte=self.sales_import.started_at or now(),
        ).count()

    def _refused_rows(self, planned: Planned, outcome: Outcome) -> list[RefusedRow]:
        if outcome.is_refused:
            reason, params = "door", {"problem": outcome.problem.as_json()}
        elif outcome.differs:
            reason, params = "differs", {}
        else:
            return []
        return [self._row(line.row, reason, params, line.cells, at_door=True) for line in planned.lines]

    def _row(
        self, number: int, reason: str, params: Mapping[str, object], cells: list[str], *, at_door: bool = False
    ) -> RefusedRow:
        return RefusedRow(
            organization=self.organization,
            sales_import=self.sales_import,
            row_number=number,
            reason=reason,
            params=params,
            cells=cells,
            at_door=at_door,
        )

    def _finish(self, plan: Plan) -> None:
        with transaction.atomic():
            mine = RefusedRow.objects.filter(organization=self.organization, sales_import=self.sales_import)
            mine.filter(at_door=False).delete()
            lines = plan.refused()
            while some := list(islice(lines, BATCH)):
                RefusedRow.objects.bulk_create(
                    [self._row(line.row, line.code, line.params, line.cells) for line in some]
                )
            self.update(
                status=Status.DONE,
                refused=mine.count(),
                rows_done=F("rows_total"),
                finished_at=now(),
                claim=None,
            )
