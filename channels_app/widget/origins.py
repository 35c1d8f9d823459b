"""Which pages may hold a widget: the origins its settings name, and the hub itself (demo shop, preview).

An origin is compared whole (scheme, host, port); a missing one is refused, for browsers always send it here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

_HOST = re.compile(r"[a-z0-9.-]+|\[[0-9a-f:]+\]")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def normalized_origin(text: str) -> str | None:
    """Returns `scheme://host[:port]` in lower case without a default port, or None where the text is no web origin."""
    try:
        parts = urlsplit(text.strip())
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    if (
        parts.scheme not in _DEFAULT_PORTS
        or parts.path not in ("", "/")
        or parts.query
        or parts.fragment
        or "@" in text
    ):
        return None
    try:
        host = host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        return None
    if ":" in host:
        host = f"[{host}]"
    if not _HOST.fullmatch(host):
        return None
    is_default = port is None or port == _DEFAULT_PORTS[parts.scheme]
    return f"{parts.scheme}://{host}" + ("" if is_default else f":{port}")


def is_allowed(origin: str | None, *, allowed_origins: Iterable[str], own_host: str) -> bool:
    """Says whether a page of this origin may talk to the widget. `own_host` is the Host the hub was called by."""
    asked = normalized_origin(origin or "")
    if asked is None:
        return False
    own = {normalized_origin(f"{scheme}://{own_host}") for scheme in _DEFAULT_PORTS}
    return asked in own or asked in allowed_origins
