"""allauth's log-in, but on a hub without an organization the first-run page; its log-out, which ends her availability."""

from typing import Any

from allauth.account.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now

from accounts import queries
from accounts.models import Person
from tickets.actions.availability import leave


class Login(LoginView):  # type: ignore[misc]
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "GET" and queries.is_first_run():
            return redirect("accounts:welcome")
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


class Logout(LogoutView):  # type: ignore[misc]
    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        person = self.request.user
        response: HttpResponse = super().post(*args, **kwargs)
        if isinstance(person, Person):
            leave(person, at=now())
        return response
