"""The import screens as the owner walks through them, and as everybody else does not."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from channels_app.models import SalesImport
from channels_app.sales_file import working
from customers.models import Event
from tests.cast import Cast, make_organization, make_other_organization
from tests.channels_app.sales_file import files

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/settings/imports/"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: LazySettings) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def cast() -> Cast:
    return make_organization()


@pytest.fixture
def owner(cast: Cast) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.owner)
    return client


def upload(client: Client, content: bytes, name: str = "sales.csv") -> SalesImport:
    answer = client.post(LIST, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    return SalesImport.objects.latest("pk")


def columns(sales_import: SalesImport, **changes: str) -> dict[str, str]:
    told = {f"column_{index}": field for field, index in sales_import.mapping.items()}
    return told | {"store": "gangnam", "receipts_repeat": "", "refund_prefix": "C"} | changes


def address(name: str, sales_import: SalesImport) -> str:
    return reverse(f"channels:{name}", args=[sales_import.public_id])


def test_from_upload_to_report(owner: Client) -> None:
    assert owner.get(LIST).status_code == 200
    sales_import = upload(owner, files.retail_bytes(), name="../../<b>retail</b>.csv")
    assert "/" not in sales_import.file_name
    page = owner.get(address("import_detail", sales_import)).content.decode()
    assert "CustomerID" in page
    assert owner.post(address("import_columns", sales_import), columns(sales_import)).status_code == 302

    page = owner.get(address("import_detail", sales_import)).content.decode()
    assert "every 1s" in page
    working.work_on(sales_import.pk, SalesImport.Status.MAPPED)
    moved = owner.get(address("import_progress", sales_import), {"status": "mapped"})
    assert moved.headers["HX-Refresh"] == "true"
    page = owner.get(address("import_detail", sales_import)).content.decode()
    assert "A563186" in page
    assert not Event.objects.exists()

    assert owner.post(address("import_start", sales_import)).status_code == 302
    same = owner.get(address("import_progress", sales_import), {"status": "running"})
    assert "HX-Refresh" not in same.headers
    working.work_on(sales_import.pk, SalesImport.Status.RUNNING)
    assert Event.objects.count() == 3
    assert "A563186" in owner.get(address("import_detail", sales_import)).content.decode()
    assert owner.get(LIST).status_code == 200

    again = upload(owner, files.retail_bytes())
    page = owner.get(address("import_detail", again)).content.decode()
    assert address("import_detail", sales_import) in page


def test_refused_rows_open_in_excel_and_run_nothing(owner: Client) -> None:
    rows = [list(files.RETAIL_HEADER), ["536365", "=cmd|' /C calc'!A0", "+HAND", "-1", "gestern", "2.55", "@x", "\t=1"]]
    sales_import = upload(owner, files.csv_bytes(rows))
    owner.post(address("import_columns", sales_import), columns(sales_import))
    working.work_on(sales_import.pk, SalesImport.Status.MAPPED)
    owner.post(address("import_start", sales_import))
    working.work_on(sales_import.pk, SalesImport.Status.RUNNING)
    answer = owner.get(address("import_refused", sales_import))
    content = answer.getvalue()
    assert content.startswith(b"\xef\xbb\xbf")
    header, row = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert header[2:] == list(files.RETAIL_HEADER)
    assert (row[0], row[2:]) == (
        "2",
        ["536365", "'=cmd|' /C calc'!A0", "'+HAND", "-1", "gestern", "2.55", "'@x", "'=1"],
    )


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.csv"), (b"%PDF-1.7\n...", "sales.csv"), (files.csv_bytes([files.UNION_HEADER]), "header.csv"),
        (files.zip_bytes(a=b"x"), "sales.xlsx"), (b"\xd0\xcf\x11\xe0" + b"\x00" * 99, "old.xls"),
        (files.huge_sheet_bytes(200), "bomb.xlsx"),
    ],
)  # fmt: skip
def test_bad_files_are_told_what_they_are(owner: Client, content: bytes, name: str) -> None:
    answer = owner.post(LIST, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert 'id="id_file_error"' in answer.content.decode()
    assert not SalesImport.objects.exists()


def test_mixed_encodings_are_asked_about(owner: Client) -> None:
    header = ["판매일시", "포스번호", "영수증번호", "상품명", "금액"]
    content = files.csv_bytes([header, ["2026-07-01", "1", "1", "컵", "100"]]) + "2026-07-01,1,2,뚜껑,5\n".encode(
        "cp949"
    )
    sales_import = upload(owner, content)
    assert 'name="encoding"' in owner.get(address("import_detail", sales_import)).content.decode()
    owner.post(address("import_encoding", sales_import), {"encoding": "utf-8"})
    assert 'name="column_0"' in owner.get(address("import_detail", sales_import)).content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"store": ""},
        {"column_0": ""},
        {"column_1": "receipt"},
        {"column_5": ""},
        {"column_0": "nonsense"},
        {"store": "haeundae2"},
    ],
)
def test_a_choice_of_columns_that_cannot_work_is_shown_again(owner: Client, changes: dict[str, str]) -> None:
    sales_import = upload(owner, files.retail_bytes())
    answer = owner.post(address("import_columns", sales_import), columns(sales_import, **changes))
    assert answer.status_code == 422
    sales_import.refresh_from_db()
    assert sales_import.status == "uploaded"


def test_markup_in_cells_is_text(owner: Client) -> None:
    rows = [
        ["판매일시", "포스번호", "영수증번호", "<script>alert(1)</script>", "금액"],
        ["x", "1", "1", "<img src=x>", "5"],
    ]
    sales_import = upload(owner, files.csv_bytes(rows))
    owner.post(address("import_columns", sales_import), columns(sales_import))
    working.work_on(sales_import.pk, SalesImport.Status.MAPPED)
    page = owner.get(address("import_detail", sales_import)).content.decode()
    assert "&lt;img src=x&gt;" in page
    assert "<img src=x>" not in page


def test_going_back_and_discarding(owner: Client) -> None:
    sales_import = upload(owner, files.union_bytes())
    owner.post(address("import_columns", sales_import), columns(sales_import, store=""))
    working.work_on(sales_import.pk, SalesImport.Status.MAPPED)
    owner.post(address("import_reopen", sales_import))
    assert 'name="column_0"' in owner.get(address("import_detail", sales_import)).content.decode()
    owner.post(address("import_cancel", sales_import))
    assert owner.get(address("import_detail", sales_import)).status_code == 200
    assert owner.post(address("import_start", sales_import), follow=True).status_code == 200
    sales_import.refresh_from_db()
    assert sales_import.status == "cancelled"


ROUTES = ("detail", "progress", "columns", "encoding", "reopen", "start", "cancel", "refused")


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.parametrize("role", ["agent", "store_staff", "stranger"])
def test_nobody_else_finds_an_import(cast: Cast, owner: Client, name: str, role: str) -> None:
    sales_import = upload(owner, files.union_bytes())
    client = Client()
    client.force_login(make_other_organization().owner if role == "stranger" else cast.people[role])
    send = client.get if name in {"detail", "progress", "refused"} else client.post
    assert send(address(f"import_{name}", sales_import)).status_code == 404
    sales_import.refresh_from_db()
    assert sales_import.status == "uploaded"


def test_visitors_log_in_and_unknown_imports_are_not_found(owner: Client) -> None:
    assert Client().get(LIST).status_code == 302
    assert owner.get(f"{LIST}{uuid4()}/").status_code == 404
