"""The one way in which the hub fetches or posts anything elsewhere: with time limits, and never into its own network.

An address that others have told (a recording's, a webhook's) must not become a way to ask the machines beside the hub.
So the name is looked up here once, every address it has is looked at, and the connection goes to the one that was looked
at: a name that answers differently the next time gains nothing. Redirects are not followed.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

TIMEOUT_SECONDS = 8.0
_PORTS = {"http": 80, "https": 443}
_CONTEXT = ssl.create_default_context()


class NotReached(Exception):
    """No answer came; asking again later may help. `str()` says what happened, in words for a log."""


class NotAllowed(Exception):
    """The hub does not ask such an address."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` have names in lower case. `is_cut` where the body was longer than what was asked for at most."""

    status: int
    headers: dict[str, str]
    body: bytes
    is_cut: bool = False


def ask(
    method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None, at_most: int
) -> Answer:
    """Sends one request and reads up to `at_most` bytes of the answer. Raises `NotReached`, `NotAllowed`.

    Never call it inside a transaction, nor inside a request that a person waits for without end.
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname or parts.username or parts.password:
        raise NotAllowed("no address of the web")
    try:
        port = parts.port or _PORTS[parts.scheme]
    except ValueError as error:
        raise NotAllowed("no such port") from error
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    connection = _Connection(parts.hostname, port, is_secure=parts.scheme == "https")
    try:
        connection.request(method, target, body=body, headers=dict(headers or {}))
        response = connection.getresponse()
        told = {name.lower(): value for name, value in response.getheaders()}
        read = response.read(at_most + 1)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotReached(type(error).__name__) from error
    finally:
        connection.close()
    return Answer(response.status, told, read[:at_most], is_cut=len(read) > at_most)


def check_address(url: str) -> None:
    """Looks at an address that somebody enters. Raises `NotAllowed`, and `NotReached` where its name is unknown."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise NotAllowed("no address of the web")
    _address_of(parts.hostname, _PORTS[parts.scheme])


class _Connection(http.client.HTTPConnection):
    """Connects to the address that was looked at, under the name that was asked for."""

    def __init__(self, host: str, port: int, *, is_secure: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT_SECONDS)
        self.is_secure = is_secure

    def connect(self) -> None:
        address = _address_of(self.host, self.port)
        self.sock = socket.create_connection((address, self.port), timeout=TIMEOUT_SECONDS)
        if self.is_secure:
            self.sock = _CONTEXT.wrap_socket(self.sock, server_hostname=self.host)


def _address_of(host: str, port: int) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotReached("the name is unknown") from error
    addresses = [str(entry[4][0]) for entry in found]
    if host not in settings.OUTGOING_PRIVATE_HOSTS and not all(_is_public(address) for address in addresses):
        raise NotAllowed("an address of a private network")
    return addresses[0]


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None)
    return bool((mapped or parsed).is_global) and not parsed.is_multicast
