"""How a session finds its person: with the organization, which every page needs, in the same query."""

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import Person


class PersonBackend(AuthenticationBackend):  # type: ignore[misc]
    def get_user(self, user_id: int) -> Person | None:
        """Returns the person unless the account is closed."""
        person = Person.objects.select_related("organization").filter(pk=user_id).first()
        return person if person and self.user_can_authenticate(person) else None
