"""An import from upload to report, on the real door: what is added, once, and what when the worker dies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import LazySettings
from django.utils.timezone import now

from accounts.actors import Actor, System
from accounts.models import AuditEntry, Organization
from accounts.policies import NotAllowed
from channels_app.intake import receive as real_receive
from channels_app.models import ColumnMapping, RefusedRow, SalesImport
from channels_app.sales_file import actions, working
from channels_app.sales_file.choices import Choices
from channels_app.sales_file.reasons import FileProblem
from channels_app.sales_file.table import open_table
from customers.models import Customer, Event, Identity
from tests.cast import Cast, make_organization
from tests.channels_app.sales_file import files

pytestmark = pytest.mark.django_db(transaction=True)
CLERK = System("tests")
Status = SalesImport.Status


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: LazySettings) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def cast() -> Cast:
    return make_organization()


def upload(organization: Organization, content: bytes, *, by: Actor = CLERK, name: str = "sales.csv") -> SalesImport:
    return actions.upload_sales_file(organization, [content], file_name=name, by=by, at=now())


def preview(sales_import: SalesImport, *, by: Actor = CLERK, **changes: Any) -> SalesImport:
    choices = working.choices_of(sales_import)
    told = {name: getattr(choices, name) for name in choices.__struct_fields__} | changes
    table = open_table(working.file_of(sales_import), encoding=choices.encoding)
    actions.choose_columns(sales_import, table, columns=sales_import.mapping, choices=Choices(**told), by=by, at=now())
    working.work_on(sales_import.pk, Status.MAPPED)
    sales_import.refresh_from_db()
    return sales_import


def run(sales_import: SalesImport) -> SalesImport:
    actions.start_import(sales_import, by=CLERK, at=now())
    working.work_on(sales_import.pk, Status.RUNNING)
    sales_import.refresh_from_db()
    return sales_import


def test_a_union_export_becomes_history_once(cast: Cast) -> None:
    content = files.union_bytes()
    first = preview(upload(cast.organization, content))
    assert (first.status, first.preview["refused"], first.preview["total_rows"]) == (Status.PREVIEWED, 0, 1)
    assert (first.preview["sales"], first.preview["refunds"]) == (36, 4)
    assert first.preview["customers_new"] == 14
    assert not Event.objects.exists()
    run(first)
    assert (first.status, first.events_created, first.duplicates, first.refused) == (Status.DONE, 40, 0, 0)
    assert (first.percent, first.rows_done) == (100, first.rows_total)
    assert {event.store for event in Event.objects.select_related("store")} == {cast.gangnam, cast.haeundae}
    assert Customer.objects.count() == 14

    history = sorted(Event.objects.values_list("public_id", "data"))
    second = preview(upload(cast.organization, content))
    assert (second.preview["duplicates"], second.preview["sales"], second.preview["refunds"]) == (40, 0, 0)
    run(second)
    assert (second.events_created, second.duplicates) == (0, 40)
    assert sorted(Event.objects.values_list("public_id", "data")) == history


def test_the_retail_rows_with_refunds_nobody_and_a_report(cast: Cast) -> None:
    sales_import = preview(upload(cast.organization, files.gz(files.retail_bytes())), store="gangnam")
    assert sales_import.preview["reasons"] == {"no_money": 2, "bad_debt": 1, "adjustment": 1}
    run(sales_import)
    assert (sales_import.events_created, sales_import.refused) == (3, 4)
    assert list(Event.objects.order_by("time").values_list("type", "amount_hundredths")) == [
        ("pos.sale", 5094), ("pos.sale", 370), ("pos.refund", -2750),
    ]  # fmt: skip
    assert set(Identity.objects.values_list("kind", "value")) == {("member_no", "17850"), ("member_no", "14527")}
    rows = RefusedRow.objects.filter(sales_import=sales_import).order_by("row_number")
    assert [(row.row_number, row.reason) for row in rows] == [
        (6, "no_money"), (7, "no_money"), (8, "bad_debt"), (9, "adjustment"),
    ]  # fmt: skip
    assert rows[2].cells[0] == "A563186"


def test_the_same_receipt_with_other_content_is_reported_and_changes_nothing(cast: Cast) -> None:
    header = ["판매일시", "포스번호", "영수증번호", "상품명", "금액"]
    for amount, refused in ((100, 0), (200, 1)):
        content = files.csv_bytes([header, ["2026-07-01 10:00:00", "1", "7", "컵", amount]])
        sales_import = run(preview(upload(cast.organization, content), store="gangnam"))
        assert (sales_import.refused, sales_import.events_created) == (refused, 1 - refused)
    assert RefusedRow.objects.get().reason == "differs"
    assert Event.objects.get().amount_hundredths == 10000


def test_what_the_door_refuses_is_seen_before_and_reported_after(cast: Cast) -> None:
    rows = [
        ["판매일시", "포스번호", "영수증번호", "금액"],
        ["2099-01-01 10:00", "1", "1", "5"],
        ["2026-07-01 10:00", "1", "2", "5"],
    ]
    sales_import = preview(upload(cast.organization, files.csv_bytes(rows)), store="gangnam")
    assert (sales_import.preview["refused"], sales_import.preview["sales"]) == (1, 1)
    assert sales_import.preview["shown"][0]["row"] == 2
    run(sales_import)
    assert (sales_import.refused, sales_import.events_created) == (1, 1)
    assert RefusedRow.objects.get().at_door


def test_columns_and_names_of_stores_are_remembered_for_the_next_file(cast: Cast) -> None:
    rows = [list(row) for row in files.union_rows(receipts=2)]
    for row in rows:
        row[0] = "강남 본점"
    content = files.csv_bytes([files.UNION_HEADER, *rows])
    first = preview(upload(cast.organization, content))
    assert first.preview["unknown_stores"] == ["강남 본점"]
    actions.reopen_columns(first, by=CLERK)
    preview(first, store_names={"강남 본점": "gangnam"})
    assert first.preview["unknown_stores"] == []
    assert ColumnMapping.objects.get().options["store_names"] == {"강남 본점": "gangnam"}
    assert preview(upload(cast.organization, content)).preview["refused"] == 0


def test_an_unclear_encoding_is_asked_for_and_its_bad_rows_refused(cast: Cast) -> None:
    header = ["판매일시", "포스번호", "영수증번호", "상품명", "금액"]
    good = files.csv_bytes([header, ["2026-07-01", "1", "1", "컵", "100"]])
    bad = files.csv_bytes([["2026-07-01", "1", "2", "뚜껑", "100"]], encoding="cp949")
    sales_import = upload(cast.organization, good + bad)
    assert (sales_import.status, sales_import.error["code"]) == (Status.UPLOADED, "unclear_encoding")
    actions.choose_encoding(sales_import, encoding="utf-8", by=CLERK, at=now())
    assert not sales_import.error
    preview(sales_import, store="gangnam")
    assert sales_import.preview["reasons"] == {"unreadable": 1}


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", files.csv_bytes([files.UNION_HEADER])])
def test_what_is_no_table_leaves_nothing_behind(cast: Cast, content: bytes) -> None:
    with pytest.raises(FileProblem):
        upload(cast.organization, content)
    assert not SalesImport.objects.exists()
    assert not list(working.folder().iterdir())


class Killed(BaseException):
    """The worker's process is gone."""


@pytest.fixture
def small_batches() -> Iterator[None]:
    with patch("channels_app.sales_file.forecast.BATCH", 7):
        yield


@pytest.mark.parametrize("after_receive", [True, False])
@pytest.mark.parametrize("dies_at", [1, 2, 4])
@pytest.mark.usefixtures("small_batches")
def test_a_killed_worker_is_followed_by_another_and_nothing_is_lost_or_doubled(
    cast: Cast, dies_at: int, after_receive: bool
) -> None:
    sales_import = preview(upload(cast.organization, files.union_bytes()))
    actions.start_import(sales_import, by=CLERK, at=now())
    calls = 0

    def dying(*args: Any, **keywords: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == dies_at and not after_receive:
            raise Killed
        outcomes = real_receive(*args, **keywords)
        if calls == dies_at:
            raise Killed
        return outcomes

    with patch("channels_app.sales_file.working.receive", dying), pytest.raises(Killed):
        working.work_on(sales_import.pk, Status.RUNNING)
    # Its claim still stands: nobody else works on it yet.
    working.work_on(sales_import.pk, Status.RUNNING)
    sales_import.refresh_from_db()
    assert sales_import.status == Status.RUNNING
    SalesImport.objects.update(beat_at=now() - 2 * timedelta(seconds=working.CLAIM_SECONDS))
    working.work_on(sales_import.pk, Status.RUNNING)
    sales_import.refresh_from_db()
    assert (sales_import.status, sales_import.events_created, sales_import.duplicates) == (Status.DONE, 40, 0)
    assert (Event.objects.count(), sales_import.rows_done) == (40, sales_import.rows_total)


@pytest.mark.usefixtures("small_batches")
def test_a_cancelled_import_stops_before_the_next_batch(cast: Cast) -> None:
    sales_import = preview(upload(cast.organization, files.union_bytes()))
    actions.start_import(sales_import, by=CLERK, at=now())

    def cancelling(*args: Any, **keywords: Any) -> Any:
        outcomes = real_receive(*args, **keywords)
        actions.cancel_import(SalesImport.objects.get(pk=sales_import.pk), by=CLERK, at=now())
        return outcomes

    with patch("channels_app.sales_file.working.receive", cancelling):
        working.work_on(sales_import.pk, Status.RUNNING)
    sales_import.refresh_from_db()
    assert (sales_import.status, Event.objects.count()) == (Status.CANCELLED, 7)
    assert not list(working.folder().iterdir())


def test_an_import_that_keeps_breaking_off_fails_and_says_so(cast: Cast) -> None:
    sales_import = preview(upload(cast.organization, files.union_bytes()))
    actions.start_import(sales_import, by=CLERK, at=now())
    SalesImport.objects.update(attempts=working.MAX_ATTEMPTS)
    working.work_on(sales_import.pk, Status.RUNNING)
    sales_import.refresh_from_db()
    assert (sales_import.status, sales_import.error["code"]) == (Status.FAILED, "broke_off")


def test_states_that_have_moved_on_decline(cast: Cast) -> None:
    sales_import = upload(cast.organization, files.union_bytes())
    with pytest.raises(actions.HasMovedOn):
        actions.start_import(sales_import, by=CLERK, at=now())
    run(preview(sales_import))
    for action in (
        lambda: actions.start_import(sales_import, by=CLERK, at=now()),
        lambda: actions.cancel_import(sales_import, by=CLERK, at=now()),
        lambda: actions.reopen_columns(sales_import, by=CLERK),
    ):
        with pytest.raises(actions.HasMovedOn):
            action()


def test_owner_and_lead_import_and_others_may_not(cast: Cast) -> None:
    for person in (cast.agent, cast.store_staff):
        with pytest.raises(NotAllowed):
            upload(cast.organization, files.union_bytes(), by=person)
    with pytest.raises(NotAllowed):
        upload(make_organization("byeol").organization, files.union_bytes(), by=cast.owner)
    upload(cast.organization, files.union_bytes(), by=cast.owner)
    # The lead of seoul reaches gangnam and not haeundae.
    sales_import = preview(upload(cast.organization, files.union_bytes(), by=cast.lead), by=cast.lead)
    assert sales_import.preview["unknown_stores"] == ["해운대점"]
    assert AuditEntry.objects.filter(action="channels.import.upload").count() == 2


def test_abandoned_files_are_cleared_away(cast: Cast) -> None:
    sales_import = upload(cast.organization, files.union_bytes())
    actions.clear_abandoned_files(before=sales_import.created_at)
    assert len(list(working.folder().iterdir())) == 1
    actions.clear_abandoned_files(before=now())
    sales_import.refresh_from_db()
    assert (sales_import.status, list(working.folder().iterdir())) == (Status.CANCELLED, [])
