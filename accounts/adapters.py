"""What allauth asks of us: no public sign-up, log-ins in the audit trail, second factors encrypted at rest."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts import audit
from accounts.models import Person


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are added by a manager; nobody signs up."""
        return False

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        if user.organization:
            audit.record(user.organization, by=user, action="accounts.login", obj=f"person:{user.email}")
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def logout(self, request: HttpRequest) -> None:
        person = request.user
        super().logout(request)
        if isinstance(person, Person) and person.organization:
            audit.record(person.organization, by=person, action="accounts.logout", obj=f"person:{person.email}")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Keeps a failed attempt on an existing account; an e-mail nobody has is nobody's business."""
        email = str(credentials.get("email") or "").strip().lower()
        person = Person.objects.select_related("organization").filter(email=email).first()
        if person and person.organization:
            audit.record(
                person.organization, by=None, actor=email, action="accounts.login_failed", obj=f"person:{email}"
            )

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Sends nothing: the hub has no outgoing mail of its own, and the trail keeps the change."""

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Says nothing: our pages show what is the case."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """A stolen database alone must not give away the second factor (law R5)."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    """Old keys still decrypt, so that SECRET_KEY can be changed."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"second factor" + key.encode()).digest())) for key in keys]
    )
