"""django-helpdesk with as many tickets, in an environment of its own: run by helpdesk.py, never imported.

Migrates its database, copies the tickets from the hub's (read from HUB_DATABASE_URL), then answers each line on its
standard input by fetching the ticket list once, as a browser does: the page, and the JSON of its first 25 rows.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings

ROWS = 25
# Filled once there are settings: helpdesk reads them where it is imported.
urlpatterns: list[Any] = []
_MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)
_APPS = (*("admin", "auth", "contenttypes", "humanize", "messages", "sessions", "sites", "staticfiles"),)
_CONTEXT = ("django.template.context_processors.request", "django.contrib.auth.context_processors.auth")
_COPY = """
    SELECT ticket.opened_at, ticket.last_event_at, center.slug, ticket.agent_email, ticket.priority, ticket.last_text,
      ticket.due_at, ticket.status FROM tickets_ticket ticket
    JOIN accounts_organization organization ON organization.id = ticket.organization_id
    LEFT JOIN accounts_center center ON center.id = ticket.center_id
    WHERE organization.slug = 'inbox' AND ticket.replaced_by_id IS NULL ORDER BY ticket.id
"""
_PRIORITIES = {"urgent": 1, "high": 2, "normal": 3, "low": 4}
# Open where nobody has it, "reopened" never; what the hub calls resolved is resolved.
_STATUS = {"open": 1, "resolved": 3}


def configure(address: str) -> None:
    parts = urlsplit(address)
    database = {
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "USER": parts.username or "",
        "PASSWORD": parts.password or "",
    }
    settings.configure(
        SECRET_KEY="only for a benchmark",
        ALLOWED_HOSTS=["localhost"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=[*(f"django.contrib.{name}" for name in _APPS), "rest_framework", "helpdesk"],
        MIDDLEWARE=_MIDDLEWARE,
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": [*_CONTEXT, "django.contrib.messages.context_processors.messages"]},
            }
        ],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": parts.path.lstrip("/"),
                # As the hub keeps its connections.
                "CONN_MAX_AGE": None,
                **database,
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        STATIC_URL="/static/",
        SITE_ID=1,
        USE_TZ=True,
        HELPDESK_TEAMS_MODE_ENABLED=False,
    )
    django.setup()
    from django.contrib import admin
    from django.urls import include, path

    urlpatterns.append(path("admin/", admin.site.urls))
    urlpatterns.append(path("", include("helpdesk.urls", namespace="helpdesk")))


def fill(hub_address: str) -> Any:
    """Copies the hub's tickets; returns the person who looks at them."""
    import psycopg
    from django.contrib.auth import get_user_model
    from helpdesk.models import Queue, Ticket  # type: ignore[import-not-found]

    people: dict[str, Any] = {}
    queues: dict[str, Any] = {}
    made = get_user_model().objects
    with psycopg.connect(hub_address) as connection:
        rows = connection.execute(_COPY).fetchall()
    tickets = []
    for opened_at, changed_at, center, email, priority, text, due_at, status in rows:
        queue = queues.get(center or "none")
        if queue is None:
            slug = center or "none"
            queue = queues[slug] = Queue.objects.create(title=slug, slug=slug)
        if email and email not in people:
            people[email] = made.create_user(email.partition("@")[0], email, is_staff=True)
        tickets.append(
            Ticket(
                title=text or "?",
                queue=queue,
                created=opened_at,
                modified=changed_at,
                assigned_to=people.get(email),
                status=_STATUS[status],
                priority=_PRIORITIES[priority],
                due_date=due_at,
                submitter_email="customer@mail.example",
                description=text,
                secret_key="0" * 36,
            )
        )
    Ticket.objects.bulk_create(tickets, batch_size=2_000)
    return made.create_superuser("lead", "lead@shop.example")


class Browser:
    """The lead, logged in, before the whole WSGI application."""

    def __init__(self, person: Any) -> None:
        from django.core.wsgi import get_wsgi_application
        from django.test import Client

        client = Client()
        client.force_login(person)
        self._cookie = f"sessionid={client.cookies['sessionid'].value}"
        self._application = get_wsgi_application()

    def list_tickets(self) -> int:
        """Fetches the list once; returns how many rows came."""
        page = self._get("/tickets/", "")
        found = re.search(r'"url": "(/datatables_ticket_list/[^"]+)"', page)
        if found is None:
            raise SystemExit("django-helpdesk's ticket list asks for its rows in another way than this knows")
        rows = self._get(found[1], f"draw=1&start=0&length={ROWS}")
        return rows.count('"submitter":')

    def _get(self, path: str, query: str) -> str:
        answered: list[str] = []
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self._cookie,
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
        }

        def begin(status: str, _headers: Any, _problem: Any = None, /) -> Callable[[bytes], object]:
            answered.append(status)
            return len

        response = self._application(environ, begin)
        content = b"".join(response)
        response.close()
        if not answered[0].startswith("200"):
            raise SystemExit(f"{path} was answered with {answered[0]}")
        return content.decode()


def main() -> None:
    configure(os.environ["HELPDESK_DATABASE_URL"])
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    browser = Browser(fill(os.environ["HUB_DATABASE_URL"]))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    print("ready", flush=True)
    for _line in sys.stdin:
        print(browser.list_tickets(), flush=True)


if __name__ == "__main__":
    main()
