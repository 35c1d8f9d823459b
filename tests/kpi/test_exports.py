"""Tables and tickets as files: the same numbers as the API, a reason where names are in them, large ones by the worker."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now
from openpyxl import load_workbook

from accounts.models import AuditEntry
from kpi.actions import exports
from kpi.exporting.writing import harmless
from kpi.models import Export
from kpi.views import exports as door
from tests.kpi.mornings import BAD, GOOD, Shop, chat, make_shop, make_weeks

pytestmark = pytest.mark.django_db

TICKETS = {"table": "tickets", "figure": "csat", "part": "2"}


@pytest.fixture
def shop(settings: Any, tmp_path: Any) -> Shop:
    settings.MEDIA_ROOT = tmp_path
    return make_weeks()


def _post(shop: Shop, query: dict[str, str], who: str = "owner", **said: str) -> Any:
    address = "&".join(f"{name}={value}" for name, value in {**shop.whole_week, **query}.items())
    return shop.logged_in(who).post(f"/kpi/export/?{address}", {"format": "csv", **said})


def _content(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def _rows(answer: Any) -> list[dict[str, str]]:
    content = _content(answer)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_one_question_has_one_answer_at_three_doors(shop: Shop) -> None:
    groups = {group["key"]: group for group in shop.house.ask(**shop.last_week, by="center")["groups"]}
    page = shop.logged_in("owner").get("/kpi/part/cut/", {**shop.whole_week, "by": "center"}).content.decode()
    rows = _rows(_post(shop, {"table": "cut", "by": "center"}))
    names = {"서울 고객센터": "seoul", "부산 고객센터": "busan"}
    assert [row["센터"] for row in rows if row["센터"] in names] == ["서울 고객센터", "부산 고객센터"]
    for row in rows:
        if row["센터"] not in names:
            continue
        told = groups[names[row["센터"]]]
        assert float(row["만족도"]) == told["csat"]["ratio"]
        assert int(row["만족도 · n"]) == told["csat"]["denominator"]
        assert float(row["첫 응답 · 중앙값(초)"]) == told["first_response"]["median_seconds"]
        assert int(row["목표 내 응답 · 해당 건수"]) == told["first_response_within_target"]["numerator"]
        assert int(row["상담"]) == told["volume"]["tickets"]["n"]
        assert f"{told['csat']['ratio'] * 100:.1f}%" in page
    (whole,) = shop.house.ask(**shop.last_week)["groups"]
    assert float(rows[-1]["만족도"]) == whole["csat"]["ratio"]


def test_every_table_can_be_taken_out(shop: Shop) -> None:
    for name in ("cut", "trend", "heat", "misses", "spread", "flows"):
        rows = _rows(_post(shop, {"table": name}))
        assert rows, name
        book = load_workbook(io.BytesIO(_content(_post(shop, {"table": name}, format="xlsx"))))
        assert book.worksheets[0].max_row == len(rows) + 1
    assert AuditEntry.objects.filter(action="kpi.export").count() == 12


def test_names_of_customers_need_a_reason_that_is_kept(shop: Shop) -> None:
    refused = _post(shop, TICKETS, reason=" ")
    assert refused.status_code == 422
    assert "사유를 간단히 적어 주세요" in refused.content.decode()
    assert not AuditEntry.objects.filter(action="kpi.export").exists()
    rows = _rows(_post(shop, TICKETS, reason="불만 고객에게 다시 연락"))
    assert len(rows) == BAD
    assert {row["센터"] for row in rows} == {"부산 고객센터"}
    entry = AuditEntry.objects.get(action="kpi.export")
    assert (entry.by, entry.reason) == (shop.cast.owner, "불만 고객에게 다시 연락")
    assert entry.after == {"rows": BAD, "personal": True}


def test_a_lead_takes_out_what_she_sees(shop: Shop) -> None:
    assert _rows(_post(shop, TICKETS, "lead", reason="확인")) == []
    rows = _rows(_post(shop, {**TICKETS, "part": "5"}, "lead", reason="확인"))
    assert len(rows) == GOOD


def test_what_a_spreadsheet_would_run_is_harmless(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    shop = make_shop()
    for number, name in enumerate(("=1+1", "+82", "-1", "@SUM(A1)", "김서연")):
        chat(shop, f"f{number}", number, "seoul", 20, score=5, name=name)
    shop.tell()
    asked = {"table": "tickets", "figure": "volume", "part": "tickets"}
    names = [row["고객"] for row in _rows(_post(shop, asked, reason="시험"))]
    assert "김서연" in names
    assert not [name for name in names if name.startswith(("=", "+", "-", "@"))]
    book = load_workbook(io.BytesIO(_content(_post(shop, asked, reason="시험", format="xlsx"))))
    assert not [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.data_type == "f"]
    assert harmless("\tx") == "'\tx"
    assert harmless(-1.5) == -1.5
    assert harmless("a\x00b") == "ab"


def test_a_large_one_is_made_in_the_background_and_lies_ready_for_a_day(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "AT_ONCE", 3)
    asked: list[int] = []
    monkeypatch.setattr(door.make_export, "delay", lambda *, export_id: asked.append(export_id))
    answer = _post(shop, TICKETS, reason="분석")
    row = Export.objects.get()
    assert answer["Location"] == f"/kpi/exports/{row.public_id}/"
    client = shop.logged_in("owner")
    page = client.get(answer["Location"]).content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert client.get(f"{answer['Location']}file/").status_code == 302
    assert asked == [row.pk]
    assert exports.make_export(row.pk)
    # A worker that comes late finds nothing to do.
    assert not exports.make_export(row.pk)
    row.refresh_from_db()
    assert (row.status, row.rows_done) == ("ready", BAD)
    assert "내려받기" in client.get(f"{answer['Location']}progress/").content.decode()
    assert len(_rows(client.get(f"{answer['Location']}file/"))) == BAD
    assert AuditEntry.objects.filter(action="kpi.export.download").count() == 1
    assert shop.logged_in("lead").get(f"{answer['Location']}file/").status_code == 404
    assert exports.drop_expired(at=now()) == 0
    assert exports.drop_expired(at=now() + timedelta(days=2)) == 1
    assert not list(exports.folder().iterdir())
    assert "파일이 지워졌어요" in client.get(answer["Location"]).content.decode()


def test_a_worker_that_died_is_taken_over_and_three_failures_end_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "AT_ONCE", 3)
    monkeypatch.setattr(door.make_export, "delay", lambda **_told: None)
    _post(shop, TICKETS, reason="분석")
    row = Export.objects.get()

    def dies(*_args: Any, **_told: Any) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(exports, "write", dies)
        with pytest.raises(MemoryError):
            exports.make_export(row.pk)
        # Its claim stands: nobody else begins while it may still be at it.
        assert not exports.make_export(row.pk)
        for _time in range(2):
            Export.objects.update(beat_at=now() - timedelta(hours=1))
            with pytest.raises(MemoryError):
                exports.make_export(row.pk)
    Export.objects.update(beat_at=now() - timedelta(hours=1))
    assert not exports.make_export(row.pk)
    row.refresh_from_db()
    assert row.status == "failed"
    assert "만들지 못했어요" in shop.logged_in("owner").get(f"/kpi/exports/{row.public_id}/").content.decode()


def test_who_has_lost_her_reach_gets_nothing_made(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "AT_ONCE", 3)
    monkeypatch.setattr(door.make_export, "delay", lambda **_told: None)
    _post(shop, {**TICKETS, "part": "5"}, "lead", reason="분석")
    shop.cast.lead.role = "agent"
    shop.cast.lead.save()
    assert not exports.make_export(Export.objects.get().pk)
    assert Export.objects.get().status == "failed"


def test_what_there_is_not_is_told(shop: Shop) -> None:
    client = shop.logged_in("owner")
    for query in ("table=x", "table=tickets", "table=tickets&figure=x&part=n"):
        answer = client.get(f"/kpi/export/?{query}")
        assert answer.status_code == 404
        assert "그런 표가 없어요" in answer.content.decode()
