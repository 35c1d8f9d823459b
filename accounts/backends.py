"""How a session finds its person: with the organization, which every page needs, in the same query."""

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import Person
from cxhub.prepared import Prepared, Told

_PERSON = Prepared(lambda: Person.objects.select_related("organization").filter(pk=Told("pk")))


class PersonBackend(AuthenticationBackend):  # type: ignore[misc]
    def get_user(self, user_id: int) -> Person | None:
        """Returns the person unless the account is closed."""
        person = _PERSON.first(pk=user_id)
        return person if person and self.user_can_authenticate(person) else None
