"""A refused envelope as text to read and mend: indented JSON of which each line knows what it holds.

Shows everything: what has no printable form (NUL, half a surrogate pair) stands there as its escape.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from channels_app.plain_json import decode
from channels_app.problems import Refused

_UNPRINTABLE = re.compile(r"[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_AROUND = 2  # lines shown before and after the one at fault


@dataclass(frozen=True, slots=True)
class Line:
    """`number` counts from 1; `path` is as a problem names fields: `data.items[0].amount`."""

    number: int
    path: str
    text: str
    is_at_fault: bool = False


def readable(body: str) -> str:
    """The body as indented JSON; as it is where it cannot be read."""
    return "\n".join(line.text for line in _lines(body)) or body


def around(body: str, field: str) -> list[Line]:
    """The lines about the field at fault, or about what should hold it; empty for a fault of the whole."""
    lines = _lines(body)
    at_fault = next((line.number for path in _outwards(field) for line in lines if line.path == path), None)
    return _about(lines, at_fault) if at_fault else []


def around_mistake(typed: str) -> list[Line]:
    """The lines about the place from which on a text is no JSON; empty where it is."""
    try:
        json.loads(typed)
    except json.JSONDecodeError as error:
        lines = [Line(number, "", text) for number, text in enumerate(typed.split("\n"), start=1)]
        return _about(lines, error.lineno)
    except (ValueError, RecursionError):
        pass
    return []


def _about(lines: list[Line], number: int) -> list[Line]:
    shown = lines[max(number - 1 - _AROUND, 0) : number + _AROUND]
    return [Line(line.number, line.path, line.text, line.number == number) for line in shown]


def _outwards(field: str) -> Iterator[str]:
    """`data.items[0].name`, `data.items[0]`, `data.items`, `data`."""
    while field:
        yield field
        field = field[: max(field.rfind("."), field.rfind("["), 0)]


def _lines(body: str) -> list[Line]:
    try:
        value = decode(body.encode("utf-8", "surrogatepass"))
        return [Line(number, path, text) for number, (path, text) in enumerate(_written(value, "", 0, "", ""), start=1)]
    except (Refused, RecursionError):
        return []


def _written(value: Any, path: str, depth: int, before: str, after: str) -> Iterator[tuple[str, str]]:
    indent = "  " * depth
    if isinstance(value, dict) and value:
        yield path, f"{indent}{before}{{"
        entries = list(value.items())
        for place, (key, entry) in enumerate(entries, start=1):
            comma = "," if place < len(entries) else ""
            inner = f"{path}.{key}" if path else str(key)
            yield from _written(entry, inner, depth + 1, f"{_scalar(key)}: ", comma)
        yield "", f"{indent}}}{after}"
    elif isinstance(value, list) and value:
        yield path, f"{indent}{before}["
        for place, entry in enumerate(value):
            yield from _written(entry, f"{path}[{place}]", depth + 1, "", "," if place < len(value) - 1 else "")
        yield "", f"{indent}]{after}"
    else:
        yield path, f"{indent}{before}{_scalar(value)}{after}"


def _scalar(value: Any) -> str:
    written = json.dumps(value, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
