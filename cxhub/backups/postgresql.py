"""The rows of a hub on PostgreSQL: each table by COPY, all from one snapshot.

Instead of pg_dump: nothing to install, and no client that must match the server's version. The schema is not
in the backup; migrations make it.
"""

from __future__ import annotations

import zipfile
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from cxhub.backups import schema

_FOLDER = "database/"
# Written by migrating, not by loading.
_SKIPPED = {"django_migrations"}
_CHUNK_BYTES = 1024 * 1024


class Database:
    """Dumps and loads the tables of the connection's schema."""

    def dump(self, out: zipfile.ZipFile) -> None:
        """Add every table as it is at this moment."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            for table in self._tables():
                statement = self._copy(table, self._columns(table), "TO STDOUT")
                member = out.open(f"{_FOLDER}{table}.copy", "w", force_zip64=True)
                with member, cursor.copy(statement) as rows:
                    for chunk in rows:
                        member.write(chunk)
                out.writestr(f"{_FOLDER}{table}.columns", "\n".join(self._columns(table)))

    def load(self, archive: zipfile.ZipFile, migrations: list[str]) -> None:
        """Replace the schema's tables by the backup's.

        Not one transaction: a migration may be one that refuses to run in one. After an error, restore again.
        """
        self._drop_everything()
        schema.migrate_to(migrations)
        tables = self._tables()
        with transaction.atomic(), connection.cursor() as cursor:
            # Rows that migrations themselves put in would come twice.
            names = sql.SQL(", ").join(map(sql.Identifier, tables))
            cursor.execute(sql.SQL("TRUNCATE {}").format(names))
            for table in tables:
                self._load_table(cursor, archive, table)
            for table in tables:
                self._advance_sequences(cursor, table)

    def _drop_everything(self) -> None:
        """Drop what migrations made; extensions, which an administrator may have put there, stay."""
        with transaction.atomic(), connection.cursor() as cursor:
            for table in self._tables(with_skipped=True):
                cursor.execute(sql.SQL("DROP TABLE {} CASCADE").format(sql.Identifier(table)))
            cursor.execute(
                "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
                " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')"
            )
            for (function,) in cursor.fetchall():
                cursor.execute(sql.SQL("DROP FUNCTION {} CASCADE").format(sql.SQL(function)))

    def _load_table(self, cursor: Any, archive: zipfile.ZipFile, table: str) -> None:
        columns = archive.read(f"{_FOLDER}{table}.columns").decode().split("\n")
        copy = self._copy(table, columns, "FROM STDIN")
        with archive.open(f"{_FOLDER}{table}.copy") as member, cursor.copy(copy) as rows:
            while chunk := member.read(_CHUNK_BYTES):
                rows.write(chunk)

    @staticmethod
    def _advance_sequences(cursor: Any, table: str) -> None:
        cursor.execute(
            "SELECT column_name, pg_get_serial_sequence(quote_ident(table_name), column_name)"
            " FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = %s"
            " AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL",
            [table],
        )
        for column, sequence in cursor.fetchall():
            cursor.execute(
                sql.SQL("SELECT setval({}, COALESCE((SELECT max({}) FROM {}), 0) + 1, false)").format(
                    sql.Literal(sequence), sql.Identifier(column), sql.Identifier(table)
                )
            )

    @staticmethod
    def _copy(table: str, columns: list[str], direction: str) -> sql.Composed:
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        return sql.SQL("COPY {} ({}) {}").format(sql.Identifier(table), names, sql.SQL(direction))

    @staticmethod
    def _tables(*, with_skipped: bool = False) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
                " AND table_type = 'BASE TABLE' ORDER BY table_name"
            )
            names = [row[0] for row in cursor.fetchall()]
        return [name for name in names if with_skipped or name not in _SKIPPED]

    @staticmethod
    def _columns(table: str) -> list[str]:
        """Generated columns compute themselves and cannot be loaded."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema()"
                " AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
                [table],
            )
            return [row[0] for row in cursor.fetchall()]
