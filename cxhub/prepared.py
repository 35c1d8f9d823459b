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
from collections.abc import Callable, Mapping
from copy import copy
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Field, ForeignObject, Lookup, QuerySet, Value

Row = TypeVar("Row")


class Told(Value):
    """Stands for a value that is told by `name` when a prepared queryset is asked."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name, self.is_list = name, False

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
        if connection.vendor == "postgresql":
            return f"{column} = ANY(%s)", [*parameters, self.rhs]
        return f"{column} IN (SELECT value FROM json_each(%s))", [*parameters, self.rhs]  # noqa: S608


class Prepared(Generic[Row]):
    """A queryset, put together when it is asked for the first time; `build` gets no values, only `Told` ones."""

    def __init__(self, build: Callable[[], QuerySet[Any, Row]]) -> None:
        self._build = build
        self._kept: tuple[QuerySet[Any, Row], Any, str, tuple[Any, ...]] | None = None

    def __call__(self, **values: Any) -> list[Row]:
        """All rows for these values. One statement."""
        if self._kept is None:
            rows = self._build()
            compiler = rows.query.get_compiler(using=connection.alias)
            statement, parameters = compiler.as_sql()
            self._kept = rows, compiler, statement, parameters
        rows, kept, statement, parameters = self._kept
        filled = [_filled(value, values) if isinstance(value, Told) else value for value in parameters]
        # What Django's own iterables ask of a queryset: its query, and of that a compiler. This one's work is done.
        compiler, query = copy(kept), copy(rows.query)
        compiler.connection = connection
        compiler.as_sql = lambda *_args, **_kwargs: (statement, filled)
        query.get_compiler = lambda *_args, **_kwargs: compiler  # type: ignore[method-assign]
        asked: Any = type(rows)(model=rows.model, query=query, using=connection.alias)
        source: Any = rows
        asked._fields = source._fields
        return list(source._iterable_class(asked))

    def first(self, **values: Any) -> Row | None:
        """The first row, where the queryset has an order or can find only one."""
        return next(iter(self(**values)), None)


def _filled(place: Told, values: Mapping[str, Any]) -> Any:
    value = values[place.name]
    if connection.vendor == "postgresql":
        return list(value) if place.is_list else value
    if place.is_list:
        return json.dumps([_plain(one) for one in value])
    return _plain(value)


def _plain(value: Any) -> Any:
    """As Django's fields write it for a database that knows neither UUIDs nor instants."""
    if isinstance(value, UUID):
        return value.hex
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
