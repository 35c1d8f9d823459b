"""Tiny typed readers of the process environment.

An unset variable gives the default; a value that makes no sense stops the start with the variable's name.
Every reader of text also takes `NAME_FILE`, a path whose content is the value (container secrets).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    """Return the value of `name`, or the content of the file that `name`_FILE points to, without outer space."""
    value = os.environ.get(name, "").strip()
    path = os.environ.get(f"{name}_FILE", "").strip()
    if value and path:
        raise ImproperlyConfigured(f"Set either {name} or {name}_FILE, not both.")
    if not path:
        return value or default
    try:
        return Path(path).read_text(encoding="utf-8").strip() or default
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE: cannot read {path}: {error.strerror}.") from error


def boolean(name: str, *, default: bool) -> bool:
    """Return the value of `name` as yes or no; anything but 1/0, true/false, yes/no, on/off is refused."""
    value = text(name).lower()
    if not value:
        return default
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0 (true, false, yes, no, on, off), not {value!r}.")


def integer(name: str, default: int, *, at_least: int = 0, at_most: int = 2**31) -> int:
    """Return the value of `name` as a whole number within the limits."""
    value = text(name)
    if not value:
        return default
    try:
        number = int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from error
    if not at_least <= number <= at_most:
        raise ImproperlyConfigured(f"{name} must be between {at_least} and {at_most}, not {number}.")
    return number


def words(name: str, default: Sequence[str] = ()) -> list[str]:
    """Return the comma-separated values of `name`."""
    return [word.strip() for word in text(name).split(",") if word.strip()] or list(default)


def choice(name: str, default: str, *, among: Sequence[str]) -> str:
    """Return the value of `name`, which must be one of `among`."""
    value = text(name, default)
    if value not in among:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(among)}, not {value!r}.")
    return value


def redis_url(name: str) -> str:
    """Return the value of `name` as an address of a Redis server, or an empty text if unset.

    A password outside the address, in REDIS_PASSWORD, is put in.
    """
    value = text(name)
    if not value:
        return ""
    parts = urlsplit(value)
    if parts.scheme not in {"redis", "rediss"} or not parts.hostname:
        raise ImproperlyConfigured(f"{name} must look like redis://[:password@]host:6379/0.")
    password = text("REDIS_PASSWORD")
    if not password or parts.password:
        return value
    return parts._replace(netloc=f":{quote(password, safe='')}@{parts.netloc}").geturl()


def postgresql(name: str, *, pool_size: int) -> dict[str, object] | None:
    """Return Django's settings for the PostgreSQL database that `name` addresses, or None if unset.

    `pool_size` is the most connections one process keeps open; more requests than that wait for one.
    """
    value = text(name)
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must look like postgresql://user:password@host:5432/database.")
    database = unquote(parts.path.lstrip("/"))
    if not database:
        raise ImproperlyConfigured(f"{name} names no database (…@host:5432/database).")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "cxhub.postgresql",
        "NAME": database,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or "") or text("DATABASE_PASSWORD"),
        # A socket folder may stand in the query (?host=/var/run/postgresql), as libpq writes it.
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {
            **query,
            "pool": {"min_size": 1, "max_size": pool_size, "timeout": 10},
            # Values apart from the statement, so that what is asked often is parsed and planned once.
            "server_side_binding": True,
            "prepare_threshold": 3,
        },
    }


def mail_server(name: str) -> tuple[str, int, str, str, bool, bool] | None:
    """Return host, port, user, password, TLS from the start, and STARTTLS of the server that `name` addresses, or None.

    `smtps://` speaks TLS from the start, `smtp://` begins it (STARTTLS) unless `?tls=off`. A password outside the
    address, in MAIL_PASSWORD, is put in.
    """
    value = text(name)
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured(f"{name} must look like smtp://user:password@host:587 or smtps://…:465.")
    is_tls = parts.scheme == "smtps"
    begins_tls = not is_tls and parse_qs(parts.query).get("tls") != ["off"]
    password = unquote(parts.password or "") or text("MAIL_PASSWORD")
    port = parts.port or (465 if is_tls else 587)
    return parts.hostname, port, unquote(parts.username or ""), password, is_tls, begins_tls
