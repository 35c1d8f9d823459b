"""The round that finds imports nobody works on: from the database alone, for a lost message must lose nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

import pytest
from celery import current_app
from django.conf import LazySettings
from django.utils.timezone import now

from accounts.actors import System
from channels_app.models import SalesImport
from channels_app.sales_file import actions, tasks
from channels_app.sales_file.working import CLAIM_SECONDS
from tests.cast import make_organization
from tests.channels_app.sales_file import files

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sales_import(tmp_path: Path, settings: LazySettings) -> SalesImport:
    settings.MEDIA_ROOT = tmp_path
    return actions.upload_sales_file(
        make_organization().organization,
        [files.union_bytes()],
        file_name="sales.csv",
        by=System("tests"),
        at=now(),
    )


def picked_up() -> list[int]:
    with patch.object(tasks.work_on_sales_import, "delay") as delay:
        tasks.pick_up_sales_imports()
    return [call.kwargs["import_id"] for call in delay.call_args_list]


@pytest.mark.parametrize(
    ("status", "is_claimed", "silent_seconds", "is_found"),
    [
        ("uploaded", False, None, False),
        ("mapped", False, None, True),
        ("running", False, None, True),
        ("running", True, 1, False),
        ("running", True, CLAIM_SECONDS + 1, True),
        ("previewed", False, None, False),
        ("done", False, CLAIM_SECONDS + 1, False),
    ],
)
def test_what_waits_or_has_fallen_silent_is_found(
    sales_import: SalesImport, status: str, is_claimed: bool, silent_seconds: int | None, is_found: bool
) -> None:
    beat_at = None if silent_seconds is None else now() - timedelta(seconds=silent_seconds)
    SalesImport.objects.update(status=status, claim=uuid4() if is_claimed else None, beat_at=beat_at)
    assert picked_up() == ([sales_import.pk] if is_found else [])


def test_the_clock_knows_the_round(settings: LazySettings) -> None:
    current_app.loader.import_default_modules()
    names = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert tasks.pick_up_sales_imports.name in names


def test_a_task_runs_an_import_and_tolerates_what_it_does_not_know(sales_import: SalesImport) -> None:
    SalesImport.objects.update(
        status="mapped", options={"store": "gangnam", "stores": {"gangnam": "강남점", "haeundae": "해운대점"}}
    )
    tasks.work_on_sales_import(import_id=sales_import.pk, status="mapped", later_argument=1)
    sales_import.refresh_from_db()
    assert sales_import.status == "previewed"
