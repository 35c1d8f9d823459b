"""The rows of a hub on SQLite: the whole database file, copied by SQLite itself while it is in use."""

from __future__ import annotations

import os
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
        """Replace the database file. Until the last step the old one stays as it is."""
        connection.close()
        path = self._path()
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.restoring")
        try:
            with archive.open(_MEMBER) as source, fresh.open("wb") as file:
                shutil.copyfileobj(source, file)
            with closing(sqlite3.connect(fresh)) as check:
                verdict = check.execute("PRAGMA integrity_check").fetchone()[0]
            if verdict != "ok":
                raise sqlite3.DatabaseError(f"The database in the backup is damaged: {verdict}")
            # The old file's journal must not be replayed into the new one.
            for suffix in ("-wal", "-shm"):
                Path(f"{path}{suffix}").unlink(missing_ok=True)
            os.replace(fresh, path)
        finally:
            fresh.unlink(missing_ok=True)

    @staticmethod
    def _path() -> Path:
        return Path(connection.settings_dict["NAME"])
