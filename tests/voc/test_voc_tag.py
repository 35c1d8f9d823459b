"""`manage.py voc_tag --jsonl`: lines in, lines out, in step."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from voc.management.commands.voc_tag import Command
from voc.tagging import whole

HERE = Path(__file__).resolve().parents[2]


def run(*lines: bytes) -> list[dict[str, Any]]:
    out, command = io.StringIO(), Command()
    command.input = io.BytesIO(b"\n".join(lines))
    call_command(command, "--jsonl", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_text_comes_out_with_its_tags():
    [said] = run('{"text": "배송은 빠른데 포장이 엉망이에요", "id": 7}'.encode())

    assert said["id"] == 7
    assert said["text"] == "배송은 빠른데 포장이 엉망이에요"
    assert (said["sentiment"], said["act"], said["severity"], said["urgent_because"]) == (
        -1,
        "complaint",
        "normal",
        None,
    )
    assert said["topics"] == [{"topic": "delivery", "sentiment": -1}]
    assert 0.5 <= said["confidence"] <= 1


def test_it_says_what_the_library_says():
    texts = ["비싸지만 만족", "소비자원에 신고하겠습니다", "😍", "The box was broken and it is late"]
    said = run(*(json.dumps({"text": text, "score": 3}).encode() for text in texts))

    for text, one in zip(texts, said, strict=True):
        known = whole(text, score=3)
        assert (one["sentiment"], one["act"], one["language"], one["urgent_because"]) == (
            known.sentiment,
            known.act,
            known.language,
            known.severity or None,
        )
    assert [one["severity"] for one in said] == ["normal", "urgent", "normal", "normal"]


def test_no_personal_number_comes_out():
    [said] = run('{"text": "010-1234-5678로 전화 주세요"}'.encode())

    assert "1234" not in json.dumps(said)
    assert said["text"] == "•••••••••••••로 전화 주세요"


def test_a_bad_line_says_why_and_the_others_go_on():
    out, command = io.StringIO(), Command()
    lines = [
        b"{",
        b"",
        b"[]",
        b'{"text": 1}',
        b'{"text": "a", "score": 6}',
        b'{"text": "\xff"}',
        b"[" * 100_000,
        '{"text": "좋아요"}'.encode(),
        b'{"text": "\\ud800"}',
    ]
    command.input = io.BytesIO(b"\n".join(lines))

    with pytest.raises(CommandError, match="6 of the lines"):
        call_command(command, "--jsonl", stdout=out)

    said = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [one.get("line") for one in said] == [1, 3, 4, 5, 6, 7, None, None]
    assert "not JSON" in said[0]["error"]
    assert '"text"' in said[1]["error"]
    assert "1 to 5" in said[3]["error"]
    assert "UTF-8" in said[4]["error"]
    assert said[6]["sentiment"] == 1
    assert said[7]["sentiment"] == 0


def test_each_line_is_answered_before_the_next_comes():
    with subprocess.Popen(
        [sys.executable, "manage.py", "voc_tag", "--jsonl"], cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        for text in ("배송이 늦어요", "좋아요"):
            process.stdin.write(json.dumps({"text": text}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["text"] == text
        process.stdin.close()
        assert process.wait(30) == 0
