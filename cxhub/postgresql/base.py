"""Django's PostgreSQL backend, which reads instants ten times faster: a customer's page has hundreds of them.

Django replaces psycopg's compiled reader by one in Python that takes an instant apart with a regular expression; here
it stays. Whole numbers are told in another way: so that a statement is one and the same statement whatever their size.
"""

from __future__ import annotations

from datetime import UTC
from functools import cache
from typing import Any

from django.db.backends.postgresql import base
from psycopg import adapters as psycopgs
from psycopg.adapt import AdaptersMap, Dumper, PyFormat
from psycopg.pq import Format
from psycopg.types.numeric import Int4, IntBinaryDumper, IntDumper


class NumberDumper(IntDumper):
    """Numbers of four bytes, or more where they need it.

    psycopg tells small ones in two bytes. To PostgreSQL that is another statement, which is parsed, and planned five
    times, of its own: of one with two keys and a list there were eight.
    """

    _four_bytes: Dumper = psycopgs.get_dumper(Int4, PyFormat.TEXT)(Int4)  # type: ignore[assignment]

    def get_key(self, obj: int, format: PyFormat) -> type:
        return self.upgrade(obj, format).cls

    def upgrade(self, obj: int, format: PyFormat) -> Dumper:
        return self._four_bytes if -(2**31) <= obj < 2**31 else super().upgrade(obj, format)


class BinaryNumberDumper(NumberDumper, IntBinaryDumper):
    """The same where a number stands alone: lists are told as text."""

    format = Format.BINARY
    _four_bytes: Dumper = psycopgs.get_dumper(Int4, PyFormat.BINARY)(Int4)  # type: ignore[assignment]


@cache
def _adapters(template: AdaptersMap) -> AdaptersMap:
    adapters = AdaptersMap(template)
    reader = psycopgs.get_loader(psycopgs.types["timestamptz"].oid, Format.TEXT)
    assert reader is not None, "psycopg reads instants."
    adapters.register_loader("timestamptz", reader)
    # What is registered last is taken where either will do.
    adapters.register_dumper(int, NumberDumper)
    adapters.register_dumper(int, BinaryNumberDumper)
    return adapters


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        parameters: dict[str, Any] = super().get_connection_params()
        # A database that is written in another zone (TIME_ZONE) keeps Django's reader.
        if self.timezone is UTC:
            parameters["context"] = _adapters(parameters["context"])
        return parameters

    def create_cursor(self, name: str | None = None) -> Any:
        """As Django's, which asks its own reader of instants for its zone. psycopg's reads in the connection's, UTC."""
        if self.timezone is not UTC:
            return super().create_cursor(name)
        if name is not None:
            return self.connection.cursor(name, scrollable=False, withhold=self.connection.autocommit)
        return self.connection.cursor()
