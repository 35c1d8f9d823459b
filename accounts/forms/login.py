"""allauth's log-in form, naming the account as django-axes counts it."""

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm


class LoginForm(AllauthLoginForm):  # type: ignore[misc]
    def clean_login(self) -> str:
        """Lower case before anything counts: `Kim@` and `kim@` are one account and one lock."""
        return str(super().clean_login()).lower()

    def user_credentials(self) -> dict[str, Any]:
        credentials: dict[str, Any] = super().user_credentials()
        return credentials | {"login": self.cleaned_data["login"]}
