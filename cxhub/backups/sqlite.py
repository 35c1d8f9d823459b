"""The rows of a hub on SQLite: the whole database file, copied by SQLite itself while it is in use."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path

from django.db import connection

_MEMBER = "database/hub.sqlite3"


class Database:
    """Dumps and loads the database file."""

    def dump(self, out: zipfile.ZipFile) -> None:
        """Add the database as it is at this moment."""
        connection.ensure_connection()
        path = self._path()
        with tempfile.TemporaryDirectory(dir=path.parent, prefix="backup-") as folder:
            copy = Path(folder) / "hub.sqlite3"
            with closing(sqlite3.connect(copy)) as target:
                connection.connection.backup(target)
                target.execute("PRAGMA journal_mode=DELETE")
            out.write(copy, _MEMBER)

    def load(self, archive: zipfile.ZipFile, migrations: list[str]) -> None:
        """Replace the database's content, in one transaction of SQLite's own: all of it or nothing."""
        path = self._path()
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix="restore-") as folder:
            copy = Path(folder) / "hub.sqlite3"
            with archive.open(_MEMBER) as packed, copy.open("wb") as file:
                shutil.copyfileobj(packed, file)
            with closing(sqlite3.connect(copy)) as source:
                verdict = source.execute("PRAGMA integrity_check").fetchone()[0]
                if verdict != "ok":
                    raise sqlite3.DatabaseError(f"The database in the backup is damaged: {verdict}")
                connection.ensure_connection()
                # Into the file that is there: replacing it would leave whoever has it open with the old one.
                source.backup(connection.connection)
        connection.close()

    @staticmethod
    def _path() -> Path:
        return Path(connection.settings_dict["NAME"])
