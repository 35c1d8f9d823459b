"""Querysets whose SQL is put together once and asked with other values ever after.

Putting a statement together costs Django about a millisecond, ten times what PostgreSQL needs for an indexed row. A
query that every request or event asks is therefore prepared: built once with a `Told` in the place of each value.
The rows that come back are the same model instances (or tuples, for `values_list`) as ever.

    TICKET = Prepared(lambda: Ticket.objects.filter(public_id=Told("public_id")).select_related("center"))
    rows = TICKET(public_id=ticket_id)

For a list of values there is the look-up `any_of` (`id__any_of=Told("ids")`): one text for lists of every length, so
that the database, too, prepares it once. Not for values that may be None, nor with `prefetch_related`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Field, ForeignObject, Lookup, QuerySet, Value
from django.db.models.base import ModelState
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable

from cxhub.plain_sql import fetch

Row = TypeVar("Row")

_MARK = re.compile("%[%s]")
# What needs no quoting in any database's text.
_PLAIN_WORD = re.compile(r"[a-z_.]*")


class Told(Value):
    """Stands for a value that is told by `name` when a prepared queryset is asked.

    With `is_unseen`, PostgreSQL plans for a list without a look at it, and so but once. For a list of one it would plan
    each time anew, as that seems to pay; of a table with many indexes that takes longer than to find the rows. Not
    where an order with a limit hangs on it: of one customer's events the newest are found in their order.
    """

    def __init__(self, name: str, *, is_unseen: bool = False) -> None:
        super().__init__(name)
        self.name, self.is_list, self.is_unseen = name, False, is_unseen

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]


@Field.register_lookup
@ForeignObject.register_lookup
class AnyOf(Lookup):
    """`column = ANY(list)`: as `__in`, for a list of which only the place is known yet."""

    lookup_name = "any_of"

    def get_prep_lookup(self) -> Told:
        assert isinstance(self.rhs, Told), "any_of is for prepared querysets: use __in elsewhere."
        self.rhs.is_list = True
        return self.rhs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, parameters = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql" and self.rhs.is_unseen:
            kind = self.lhs.output_field.rel_db_type(connection)
            return f"{column} = ANY((SELECT %s::{kind}[])::{kind}[])", [*parameters, self.rhs]
        if connection.vendor == "postgresql":
            return f"{column} = ANY(%s)", [*parameters, self.rhs]
        return f"{column} IN (SELECT value FROM json_each(%s))", [*parameters, self.rhs]  # noqa: S608


class Prepared(Generic[Row]):
    """A queryset, put together when it is asked for the first time; `build` gets no values, only `Told` ones."""

    def __init__(self, build: Callable[[], QuerySet[Any, Row]]) -> None:
        self._build = build
        self._kept: _Kept | None = None

    def __call__(self, **values: Any) -> list[Row]:
        """All rows for these values. One statement."""
        kept = self.kept
        rows: Iterable[Any] = fetch(kept.statement, filled(kept.parameters, values))
        if kept.converters:
            rows = kept.compiler.apply_converters(rows, kept.converters)
        return list(map(kept.made, rows))

    @property
    def kept(self) -> _Kept:
        """What is asked, put together by now."""
        if self._kept is None:
            self._kept = _keep(self._build())
        return self._kept

    def first(self, **values: Any) -> Row | None:
        """The first row, where the queryset has an order or can find only one."""
        return next(iter(self(**values)), None)


class Together(Generic[Row]):
    """What any of several prepared questions answers, each value once: one statement for all. Flat values only."""

    def __init__(self, *questions: Prepared[Row]) -> None:
        self._questions = questions
        self._kept: tuple[str, list[Any]] | None = None

    def __call__(self, **values: Any) -> set[Row]:
        """`values` are all that the questions take."""
        if self._kept is None:
            kept = [question.kept for question in self._questions]
            assert not any(one.converters for one in kept), "Together: only for what the driver gives as it is."
            self._kept = (
                " UNION ".join(one.statement for one in kept),
                [place for one in kept for place in one.parameters],
            )
        statement, places = self._kept
        return {row[0] for row in fetch(statement, filled(places, values))}


class Answered:
    """Which of several prepared questions have an answer: one statement, where most have none most of the time."""

    def __init__(self, **questions: Prepared[Any]) -> None:
        self._questions = questions
        self._kept: tuple[str, list[Any]] | None = None

    def __call__(self, **values: Any) -> frozenset[str]:
        """The names of those with at least one row; `values` are all that they take."""
        if self._kept is None:
            kept = {name: question.kept for name, question in self._questions.items()}
            parts = (f"SELECT '{name}' WHERE EXISTS ({one.statement})" for name, one in kept.items())
            self._kept = " UNION ALL ".join(parts), [place for one in kept.values() for place in one.parameters]
        statement, places = self._kept
        return frozenset(name for (name,) in fetch(statement, filled(places, values)))


class _Kept(NamedTuple):
    """`made` makes of a row what the queryset would give."""

    statement: str
    parameters: tuple[Any, ...]
    compiler: Any
    converters: dict[int, Any]
    made: Callable[[Sequence[Any]], Any]


def _keep(rows: QuerySet[Any, Any]) -> _Kept:
    compiler: Any = rows.query.get_compiler(using=connection.alias)
    statement, parameters = _with_constants(*compiler.as_sql())
    source: Any = rows
    iterable = source._iterable_class
    made: Callable[[Sequence[Any]], Any] = tuple
    if iterable is ModelIterable:
        assert not compiler.annotation_col_map, "Prepared querysets of instances know no annotations."
        made = _maker(compiler.klass_info, compiler.select)
    elif iterable is FlatValuesListIterable:
        made = itemgetter(0)
    else:
        assert iterable is ValuesListIterable, "Prepared querysets are of instances or of tuples."
        # With DISTINCT, what only an order needs stands behind what was asked for.
        assert not compiler.has_extra_select, "Prepared querysets select what they order by."
    converters = compiler.get_converters([column for column, *_rest in compiler.select])
    return _Kept(statement, parameters, compiler, converters, made)


def _with_constants(statement: str, parameters: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
    """Writes words that never change, such as a status, into the text.

    An index on a part of a table is kept by such a word. PostgreSQL stops looking at the values of a statement that it
    has met five times: told as one of them, the word is unknown to it, and that index is out of the question.
    """
    places = iter(parameters)
    told: list[Any] = []

    def written(mark: re.Match[str]) -> str:
        if mark.group() == "%%":
            return mark.group()
        value = next(places)
        if isinstance(value, str) and _PLAIN_WORD.fullmatch(value):
            return f"'{value}'"
        told.append(value)
        return mark.group()

    return _MARK.sub(written, statement), tuple(told)


def _maker(told: Mapping[str, Any], select: Sequence[Any]) -> Callable[[Sequence[Any]], Any]:
    """Makes an instance of a row, with those that were joined. As Django's `from_db`, in a third of the time: no
    signals (the hub has none) and no `__init__`, which sets one attribute after another."""
    model, places = told["model"], told["select_fields"]
    assert not told.get("from_parent"), "Prepared querysets know no inherited tables."
    begin, end = places[0], places[-1] + 1
    names = [column.target.attname for column, *_rest in select[begin:end]]
    key = begin + names.index(model._meta.pk.attname)
    joined = [
        (_maker(further, select), further["local_setter"], further["remote_setter"])
        for further in told.get("related_klass_infos", ())
    ]
    alias = connection.alias

    def make(row: Sequence[Any]) -> Any:
        if row[key] is None:
            return None
        made = model.__new__(model)
        state = ModelState()
        state.adding, state.db = False, alias
        made.__dict__ = attributes = dict(zip(names, row[begin:end], strict=True))
        attributes["_state"] = state
        for make_further, set_local, set_remote in joined:
            further = make_further(row)
            set_local(made, further)
            if further is not None:
                set_remote(further, made)
        return made

    return make


def filled(places: Iterable[Any], values: Mapping[str, Any]) -> list[Any]:
    """The parameters of what is kept, each `Told` one with its value."""
    return [_filled(place, values) if isinstance(place, Told) else place for place in places]


def _filled(place: Told, values: Mapping[str, Any]) -> Any:
    value = values[place.name]
    if connection.vendor == "postgresql":
        return _as_array(list(value)) if place.is_list else value
    if place.is_list:
        return json.dumps([_plain(one) for one in value])
    return _plain(value)


def _as_array(values: list[Any]) -> Any:
    """A list as PostgreSQL's driver takes it: of numbers as a text, for which it would need three microseconds each."""
    return f"{{{','.join(map(str, values))}}}" if values and type(values[0]) is int else values


def _plain(value: Any) -> Any:
    """As Django's fields write it for a database that knows no UUIDs, days or instants."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value
