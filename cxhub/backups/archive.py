"""The shape of a backup file, and the two verbs on it.

Refuses to write over a file, to restore over people's data unasked, and what another kind of database wrote.
"""

from __future__ import annotations

import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db import connection

from cxhub import data_folder
from cxhub.backups import postgresql, schema, sqlite

FORMAT = 1
_MANIFEST = "manifest.json"
_KEY_FILE = "secret-key"


class BackupRefused(Exception):
    """What was asked would lose something or cannot work; the message says what to do."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself. `migrations` are the applied ones, as `app.name`."""

    format: int
    vendor: str
    created_at: str
    migrations: list[str]


@dataclass(frozen=True)
class Summary:
    """What was written or read."""

    manifest: Manifest
    uploads: int
    bytes: int


def write(path: Path) -> Summary:
    """Write a backup to `path`, consistent as of one moment; the hub may go on running meanwhile."""
    if path.exists():
        raise BackupRefused(f"{path} exists. Choose another name: backups are never written over.")
    manifest = Manifest(FORMAT, connection.vendor, datetime.now(UTC).isoformat(), schema.applied_migrations())
    partial = path.with_name(f"{path.name}.partial")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with (
            os.fdopen(descriptor, "wb") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as out,
        ):
            _database().dump(out)
            uploads = _dump_uploads(out)
            if (key := data_folder.secret_key_file(settings.DATA_DIR)).exists():
                out.write(key, _KEY_FILE)
            # Last: a file with a manifest is a whole one.
            out.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=1))
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    return Summary(manifest, uploads, path.stat().st_size)


def restore(path: Path, *, replace: bool) -> Summary:
    """Put the content of the backup at `path` in place of this hub's, and bring it to this version's schema.

    `replace` allows to lose what the hub holds now. Nobody may be using the hub. Raises BackupRefused.
    """
    with _opened(path) as (archive, manifest):
        if manifest.vendor != connection.vendor:
            raise BackupRefused(
                f"This backup is from {manifest.vendor}, this hub uses {connection.vendor}. Restore it into a hub with "
                f"{'DATABASE_URL set' if manifest.vendor == 'postgresql' else 'DATABASE_URL unset'}."
            )
        if unknown := schema.unknown_migrations(manifest.migrations):
            raise BackupRefused(f"This backup is from a newer hub (it knows {unknown[0]}). Upgrade this one first.")
        if schema.holds_people() and not replace:
            raise BackupRefused("This hub is not empty. With --force what it holds now is lost and replaced.")
        with data_folder.only_user_of(settings.DATA_DIR) as is_free:
            if not is_free and connection.vendor == "sqlite":
                raise BackupRefused("The hub is running on this folder. Stop it first (Ctrl-C), then restore.")
            _database().load(archive, manifest.migrations)
            uploads = _load_uploads(archive)
            _load_secret_key(archive)
            schema.migrate_to_newest()
        return Summary(manifest, uploads, path.stat().st_size)


def _database() -> sqlite.Database | postgresql.Database:
    return postgresql.Database() if connection.vendor == "postgresql" else sqlite.Database()


@contextmanager
def _opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    try:
        with zipfile.ZipFile(path) as archive:
            try:
                manifest = Manifest(**json.loads(archive.read(_MANIFEST)))
            except (KeyError, TypeError, ValueError) as error:
                raise BackupRefused(f"{path} is no backup of a hub.") from error
            if manifest.format != FORMAT:
                raise BackupRefused(f"{path} has format {manifest.format}; this hub reads format {FORMAT}.")
            if not _is_intact(archive):
                raise BackupRefused(f"{path} is damaged. Nothing was changed.")
            yield archive, manifest
    except FileNotFoundError as error:
        raise BackupRefused(f"There is no file {path}.") from error
    except zipfile.BadZipFile as error:
        raise BackupRefused(f"{path} is no backup of a hub, or was cut off while copying.") from error


def _is_intact(archive: zipfile.ZipFile) -> bool:
    try:
        return archive.testzip() is None
    except (zlib.error, EOFError):
        return False


def _dump_uploads(out: zipfile.ZipFile) -> int:
    count = 0
    for file in sorted(settings.MEDIA_ROOT.rglob("*")):
        # An upload that was never sent may be dropped meanwhile.
        with suppress(FileNotFoundError):
            if file.is_file():
                out.write(file, f"media/{file.relative_to(settings.MEDIA_ROOT).as_posix()}")
                count += 1
    return count


def _load_uploads(archive: zipfile.ZipFile) -> int:
    names = [name for name in archive.namelist() if name.startswith("media/")]
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    for name in names:
        inside = PurePosixPath(name).relative_to("media")
        # A forged backup must not write elsewhere.
        if inside.is_absolute() or ".." in inside.parts:
            raise BackupRefused(f"The backup holds a file with an impossible name: {name}.")
        target = settings.MEDIA_ROOT / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(name) as source, target.open("wb") as file:
            shutil.copyfileobj(source, file)
    return len(names)


def _load_secret_key(archive: zipfile.ZipFile) -> None:
    if _KEY_FILE in archive.namelist() and not settings.PRODUCTION:
        key = archive.read(_KEY_FILE).decode("ascii")
        data_folder.write_private(data_folder.secret_key_file(settings.DATA_DIR), key)
