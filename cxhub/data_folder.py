"""What the hub keeps in its data folder besides the database: its secret key, the way to its private Redis, its lock.

They are readable by their owner only.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# A port where nothing listens: without a Redis the hub says so at once and waits for nobody.
NO_REDIS = "redis://127.0.0.1:1/0"


def prepare(folder: Path) -> None:
    """Create the data folder, closed to other people of this machine."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def secret_key_file(folder: Path) -> Path:
    """Return where a hub that was given no secret key keeps its own."""
    return folder / "secret-key"


def secret_key(folder: Path) -> str:
    """Return the key kept in `folder`, making one on the first call. Two first calls at once agree on one key."""
    path = secret_key_file(folder)
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        prepare(folder)
    draft = path.with_name(f"secret-key.{os.getpid()}")
    write_private(draft, secrets.token_urlsafe(50))
    try:
        # A link never replaces: whoever comes second takes the first one's key.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii").strip()


def redis_url_file(folder: Path) -> Path:
    """Return where a running hub writes the address of its private Redis."""
    return folder / "redis-url"


def private_redis_url(folder: Path) -> str:
    """Return the address of the private Redis of the hub that runs on `folder`, else one where nothing answers.

    So commands typed in a second terminal reach the open pages of the running hub.
    """
    try:
        return redis_url_file(folder).read_text(encoding="ascii").strip() or NO_REDIS
    except FileNotFoundError:
        return NO_REDIS


@contextmanager
def only_user_of(folder: Path) -> Iterator[bool]:
    """Claim the folder for the length of the block; gives False when another process has claimed it.

    Two hubs on one folder would take each other's Redis and write one database behind each other's back.
    """
    prepare(folder)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def write_private(path: Path, content: str) -> None:
    """Write `content` to `path`, readable by the owner only from the first byte on."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(content)
