"""What follows a committed change of an import: a worker is told. Losing the word loses nothing (see tasks)."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from channels_app.models import SalesImport


def announce_work(sales_import: SalesImport) -> None:
    """Tells a worker, once the transaction has committed, that this import waits for its preview or its run."""
    from channels_app.sales_file import tasks

    transaction.on_commit(
        partial(tasks.work_on_sales_import.delay, import_id=sales_import.pk, status=sales_import.status), robust=True
    )
