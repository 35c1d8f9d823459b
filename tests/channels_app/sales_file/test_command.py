"""manage.py import_sales: what it prints where, and how it ends."""

from __future__ import annotations

import io
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.utils import translation

from channels_app.intake import receive as real_receive
from channels_app.models import SalesImport
from customers.models import Event
from tests.cast import Cast, make_organization
from tests.channels_app.sales_file import files

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: LazySettings) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def cast() -> Cast:
    return make_organization()


def run(path: Path, *options: str) -> tuple[int, str, str]:
    out, err, code = io.StringIO(), io.StringIO(), 0
    with translation.override("en"):
        try:
            call_command("import_sales", str(path), "--organization", "haneul", *options, stdout=out, stderr=err)
        except SystemExit as ended:
            code = int(str(ended.code))
    return code, out.getvalue(), err.getvalue()


def test_the_union_export_twice(cast: Cast, tmp_path: Path) -> None:
    path = files.write(tmp_path, files.union_bytes())
    code, out, err = run(path)
    assert code == 0
    assert "Done: 40 added, 0 were already there, 0 rows refused." in out
    assert "영수증번호" in err
    assert "영수증번호" not in out
    code, out, _err = run(path)
    assert "Done: 0 added, 40 were already there, 0 rows refused." in out
    assert Event.objects.count() == 40


def test_refused_rows_go_to_a_file_and_into_the_exit_code(cast: Cast, tmp_path: Path) -> None:
    target = tmp_path / "refused.csv"
    path = files.write(tmp_path, files.gz(files.retail_bytes()), "retail.csv.gz")
    code, out, _err = run(path, "--store", "gangnam", "--refused-to", str(target), "--source", "/seoul/pos")
    assert code == 3
    assert "3 added" in out
    assert len(target.read_bytes().splitlines()) == 5
    assert set(Event.objects.values_list("source", flat=True)) == {"/seoul/pos"}


def test_a_dry_run_adds_nothing(cast: Cast, tmp_path: Path) -> None:
    code, out, _err = run(files.write(tmp_path, files.union_bytes()), "--dry-run")
    assert (code, Event.objects.count()) == (0, 0)
    assert "Sales to add: 36" in out
    assert SalesImport.objects.get().status == "cancelled"


def test_columns_by_hand_and_names_of_stores(cast: Cast, tmp_path: Path) -> None:
    rows = [["언제", "몇번", "얼마", "어디"], ["03/04/2026", "7", "100", "본점"], ["03/04/2026", "8", "100", "본점"]]
    path = files.write(tmp_path, files.csv_bytes(rows))
    by_hand = ("--map", "time=언제", "--map", "receipt=B", "--map", "amount=3", "--map", "store=어디")
    code, out, _err = run(path, *by_hand, "--store-name", "본점=gangnam", "--date-order", "dmy")
    assert (code, Event.objects.count()) == (0, 2)
    # Remembered: the next file of this kind needs no hand.
    rows[1][1] = "9"
    code, out, _err = run(files.write(tmp_path, files.csv_bytes(rows)))
    assert "1 added, 1 were already there" in out


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        (b"", [], "empty"), (files.retail_bytes(), [], "which store"), (files.retail_bytes(), ["--store", "moon"], "moon"),
        (files.retail_bytes(), ["--store", "gangnam", "--map", "amount=Profit"], "Profit"),
        (files.retail_bytes(), ["--store", "gangnam", "--map", "nonsense"], "NAME=VALUE"),
        (files.union_bytes(), ["--encoding", "klingon"], "klingon"), (files.csv_bytes([["상품명", "금액"], ["a", "b"]]), [], "Receipt number"),
    ],
)  # fmt: skip
def test_what_cannot_be_imported_says_why(
    cast: Cast, tmp_path: Path, content: bytes, options: list[str], message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        run(files.write(tmp_path, content), *options)
    assert not Event.objects.exists()
    assert not SalesImport.objects.exclude(status="cancelled").exists()


def test_an_unknown_organization_and_a_missing_file(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nothing\.csv"):
        run(tmp_path / "nothing.csv")
    with translation.override("en"), pytest.raises(CommandError, match="moon"):
        call_command("import_sales", __file__, "--organization", "moon")


def test_an_interrupted_import_goes_on_with_the_same_command(cast: Cast, tmp_path: Path) -> None:
    path = files.write(tmp_path, files.union_bytes())

    def interrupted(*args: object, **keywords: object) -> object:
        real_receive(*args, **keywords)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with (
        patch("channels_app.sales_file.forecast.BATCH", 10),
        patch("channels_app.sales_file.working.receive", interrupted),
    ):
        code, _out, err = run(path)
    assert (code, Event.objects.count()) == (130, 10)
    assert "Interrupted" in err
    code, out, _err = run(path)
    assert "30 added, 10 were already there" in out
