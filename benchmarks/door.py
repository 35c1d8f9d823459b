"""Asks the hub in this process, through its whole WSGI application: middleware, session, audit and HTML, no network."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Person

Statements = list[tuple[str, Any]]
_CSRF = "b" * 32


class Door:
    """One logged-in person's requests. Anything but 200 ends the run."""

    def __init__(self, person: Person) -> None:
        # Imported late: this is where the hub freezes what it has loaded, as it does in a real server.
        from cxhub.wsgi import application

        self._application = application
        self._cookies = f"{settings.SESSION_COOKIE_NAME}={session_of(person)}; {settings.CSRF_COOKIE_NAME}={_CSRF}"

    def get(self, path: str) -> bytes:
        return self._ask("GET", path, b"")

    def post(self, path: str, fields: dict[str, str]) -> bytes:
        return self._ask("POST", path, urlencode(fields).encode())

    def selects(self, path: str) -> tuple[bytes, Statements]:
        """What a page's GET answers, and the SELECTs that it sends, to be sent again bare."""
        statements: Statements = []

        def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
            if sql.startswith("SELECT") and not many:
                statements.append((sql, params))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            return self.get(path), statements

    def statements(self, path: str) -> int:
        """How many statements a page's GET needs, those of its transactions included, once it has been asked for."""
        self.get(path)
        with CaptureQueriesContext(connection) as asked:
            self.get(path)
        return len(asked)

    def _ask(self, method: str, address: str, body: bytes) -> bytes:
        path, _, query = quote(address, safe="/?=&%+,").partition("?")
        answered: list[str] = []

        def begin(status: str, _headers: Any, _problem: Any = None, /) -> Callable[[bytes], object]:
            answered.append(status)
            return len

        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self._cookies,
            "HTTP_X_CSRFTOKEN": _CSRF,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
        }
        response = self._application(environ, begin)
        content = b"".join(response)
        response.close()
        if not answered[0].startswith("200"):
            raise SystemExit(f"{method} {address} was answered with {answered[0]}: {content[:300]!r}")
        return content


def session_of(person: Person) -> str:
    """The value of a session cookie with which the person is logged in."""
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client.cookies[settings.SESSION_COOKIE_NAME].value
