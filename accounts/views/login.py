"""allauth's log-in, except on a hub that has no organization yet: there the first-run page comes first."""

from typing import Any

from allauth.account.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import queries


class Login(LoginView):  # type: ignore[misc]
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "GET" and queries.is_first_run():
            return redirect("accounts:welcome")
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response
