"""Sessions in the database, read without the ORM between: every request of everybody who is logged in begins so.

Not in the cache beside it: a copy that outlives its row while Redis is away would keep somebody logged in who has
logged out, and Redis being away would log out everybody else.
"""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

from cxhub.plain_sql import fetch, instant

_READ = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        """What the session holds; {} where it is over or never was. One statement."""
        # NUL is no key, and PostgreSQL refuses to be asked for it.
        if self.session_key and "\x00" not in self.session_key:
            for (data,) in fetch(_READ, [self.session_key, instant(timezone.now())]):
                return self.decode(data)
        self._session_key = None
        return {}
