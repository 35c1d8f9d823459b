"""From a shape's complaint to a problem that names the field and says, in words, what belongs there.

Runs only for events that are refused, so it may look things up slowly.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct, inspect

from channels_app.problems import Problem, shorten

# "Expected `int`, got `str` - at `$.items[0].amount`"; without the last part it concerns the whole.
_AT = re.compile(r" - at (?:`key` in )?`\$(?P<path>[^`]*)`$")
_MISSING = re.compile(r"^Object missing required field `(?P<name>[^`]+)`")
_STEP = re.compile(r"\.(?P<name>[^.\[]+)|\[(?P<place>\d+|\.\.\.)\]")

_ABSENT = object()


def problem_of(error: msgspec.ValidationError, shape: type[Struct], data: dict[str, Any]) -> Problem:
    """The problem of `data` not having the given shape; its field begins with `data`."""
    complaint = str(error)
    at = _AT.search(complaint)
    path = at["path"] if at else ""
    missing = _MISSING.match(complaint)
    if missing:
        path += "." + missing["name"]
    expected, params = _expectation(_type_at(shape, path))
    if missing:
        return Problem("missing-field", "data" + path, expected, params)
    value = _value_at(data, path)
    received = None if value is _ABSENT else shorten(value)
    return Problem("invalid-field", "data" + path.replace("[...]", ""), expected, params, received)


@cache
def _described(shape: type[Struct]) -> inspect.Type:
    return inspect.type_info(shape)


def _type_at(shape: type[Struct], path: str) -> inspect.Type | None:
    found: inspect.Type | None = _described(shape)
    for step in _STEP.finditer(path):
        found = _inside(found, step["name"])
    return _bare(found)


def _inside(holder: inspect.Type | None, name: str | None) -> inspect.Type | None:
    holder = _bare(holder)
    if isinstance(holder, inspect.StructType) and name is not None:
        return next((field.type for field in holder.fields if field.encode_name == name), None)
    if isinstance(holder, inspect.ListType):
        return holder.item_type
    if isinstance(holder, inspect.DictType):
        return holder.value_type
    return None


def _bare(found: inspect.Type | None) -> inspect.Type | None:
    """Without description, and without the null that every optional field may hold."""
    while isinstance(found, inspect.Metadata):
        found = found.type
    if isinstance(found, inspect.UnionType):
        kinds = [kind for kind in found.types if not isinstance(kind, inspect.NoneType)]
        return _bare(kinds[-1])  # of int | float: float, whose wording is of numbers
    return found


def _expectation(kind: inspect.Type | None) -> tuple[str, dict[str, Any]]:
    match kind:
        case inspect.StrType(pattern=str(pattern)):
            return ("web_address", {}) if "http" in pattern else ("currency", {})
        case inspect.StrType(max_length=int(longest), min_length=int(shortest)):
            return "text_between", {"min": shortest, "max": longest}
        case inspect.StrType(max_length=int(longest)):
            return "text_up_to", {"max": longest}
        case inspect.StrType():
            return "text", {}
        case inspect.IntType(ge=int(lowest), le=int(highest)):
            return "integer_between", {"min": lowest, "max": highest}
        case inspect.FloatType(ge=lowest, le=highest) if lowest is not None and highest is not None:
            return "number_between", {"min": int(lowest), "max": int(highest)}
        case inspect.BoolType():
            return "boolean", {}
        case inspect.LiteralType(values=values):
            return "choice", {"choices": ", ".join(str(value) for value in values)}
        case inspect.ListType(max_length=int(longest)):
            return "list_up_to", {"max": longest}
        case _:
            return "object", {}


def _value_at(data: Any, path: str) -> Any:
    """The value a path leads to; the holder of a mapping's `[...]`, since which entry is wrong is not told."""
    for step in _STEP.finditer(path):
        if step["place"] == "...":
            return _ABSENT
        try:
            data = data[step["name"]] if step["place"] is None else data[int(step["place"])]
        except (KeyError, IndexError, TypeError):
            return _ABSENT
    return data
