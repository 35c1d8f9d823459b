"""`manage.py voc_tag --jsonl < texts`: what the background says of each text, a line in and a line out, as they come. See docs/voc.md."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from voc.tagging import register_of, scrub, whole


class BadLineError(ValueError):
    """A line that cannot be tagged, and why."""


class Command(BaseCommand):
    help = (
        "Tags texts: on each line of standard input a JSON object with text (and score 1 to 5 and channel, where there are such); the same object comes out with "
        "language, sentiment (-1, 0, 1), topics, act, severity and confidence, its text without personal numbers. A line that cannot be read comes "
        "out as an object with line and error; the others go on, and the exit status is 1 at the end. Blank lines are passed over."
    )
    requires_system_checks = []
    input: BinaryIO | None = None

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--jsonl", action="store_true", required=True, help="a JSON object a line (the only form there is)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        bad = 0
        for number, line in enumerate(self.input or sys.stdin.buffer, 1):
            if not line.strip():
                continue
            try:
                said = _tagged(line)
            except BadLineError as problem:
                bad += 1
                said = {"line": number, "error": str(problem)}
            # Half a character, which JSON allows, goes out as it came in: escaped.
            self.stdout.write(json.dumps(said, ensure_ascii=False).encode("utf-8", "backslashreplace").decode())
            self.stdout.flush()
        if bad:
            raise CommandError(
                f"{bad} of the lines could not be read; each says why where it would have stood.", returncode=1
            )


def _tagged(line: bytes) -> dict[str, Any]:
    given = _read(line)
    said = whole(given["text"], score=given.get("score"), register=register_of(given.get("channel") or ""))
    return {
        **given,
        "text": scrub(given["text"]),
        "language": said.language,
        "sentiment": said.sentiment,
        "topics": [{"topic": mood.topic, "sentiment": mood.sentiment} for mood in said.topics],
        "act": said.act,
        "severity": "urgent" if said.severity else "normal",
        "urgent_because": said.severity or None,
        "confidence": said.confidence,
    }


def _read(line: bytes) -> dict[str, Any]:
    try:
        given = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        raise BadLineError("This line is not UTF-8.") from problem
    except (ValueError, RecursionError) as problem:
        raise BadLineError(f"This line is not JSON: {problem}.") from problem
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise BadLineError('A line has to be an object with a "text" that is a string, as {"text": "배송이 빨라요"}.')
    if not isinstance(given.get("channel") or "", str):
        raise BadLineError('"channel" has to be a word as chat, mail or review, or be left out.')
    score = given.get("score")
    if score is not None and (isinstance(score, bool) or not isinstance(score, int | float) or not 1 <= score <= 5):
        raise BadLineError('"score" has to be a number from 1 to 5, or be left out.')
    return given
