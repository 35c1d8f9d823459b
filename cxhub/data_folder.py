"""What the hub keeps in its data folder besides the database: its secret key and the way to its private Redis.

Both files are readable by their owner only.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

# A port where nothing listens: without a Redis the hub says so at once and waits for nobody.
NO_REDIS = "redis://127.0.0.1:1/0"


def prepare(folder: Path) -> None:
    """Create the data folder, closed to other people of this machine."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def secret_key(folder: Path) -> str:
    """Return the key kept in `folder`, making one on the first call. Two first calls at once agree on one key."""
    path = folder / "secret-key"
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


def write_private(path: Path, content: str) -> None:
    """Write `content` to `path`, readable by the owner only from the first byte on."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(content)
