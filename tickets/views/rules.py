"""The rules of an organization: the list, one of them with its trial and its runs, and the editor."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import open_to, organization_of, person_of
from accounts.actions import Refused
from accounts.forms.refusal import show_refusal
from accounts.models import Person
from accounts.policies import Permission
from accounts.queries import NotFound
from tickets.actions import rules as acts
from tickets.models import Rule
from tickets.queries.rule_choices import choices_of
from tickets.queries.rule_trial import try_rule
from tickets.queries.rules import editable_centers, in_words, may_change, rule_for, rules_for, runs_for, when_words
from tickets.rule_forms import SAVE, RuleForm

TRIAL_DAYS = (7, 30)


@require_GET
@open_to(Permission.EDIT_RULES)
def rule_list(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    rows = [(rule, when_words(rule.content), may_change(person, rule)) for rule in rules_for(person)]
    context = {"rows": rows, "may_for_all": editable_centers(person)[1]}
    return render(request, "tickets/rules/list.html", context)


@require_POST
@open_to(Permission.EDIT_RULES)
def ready(request: HttpRequest) -> HttpResponse:
    """Puts in the rules to begin with, all switched off."""
    person = person_of(request)
    if not editable_centers(person)[1]:
        raise NotFound
    acts.make_ready_rules(organization_of(request), by=person, at=now())
    messages.success(request, _("Three rules are there, all off. Look at each, try it, and switch it on."))
    return redirect("tickets:rules")


@require_http_methods(["GET", "POST"])
@open_to(Permission.EDIT_RULES)
def new(request: HttpRequest) -> HttpResponse:
    return _editor(request, None)


@require_http_methods(["GET", "POST"])
@open_to(Permission.EDIT_RULES)
def edit(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    return _editor(request, _changeable(person_of(request), rule_id))


@require_GET
@open_to(Permission.EDIT_RULES)
def detail(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """What it says and what it has done, or what it did before a cursor."""
    person = person_of(request)
    rule = rule_for(person, rule_id)
    context = _rule_context(request, person, rule)
    is_more = request.htmx and "cursor" in request.GET  # type: ignore[attr-defined]
    return render(request, "tickets/rules/partials/runs.html" if is_more else "tickets/rules/rule.html", context)


@require_POST
@open_to(Permission.EDIT_RULES)
def trial(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """Tries the rule on past tickets, and notes that it was tried."""
    person, at = person_of(request), now()
    rule = _changeable(person, rule_id)
    days = next((days for days in TRIAL_DAYS if str(days) == request.POST.get("days")), TRIAL_DAYS[0])
    done = try_rule(person, rule, choices_of(rule.organization), days=days, now=at)
    acts.note_trial(rule, by=person, at=at)
    context = {**_rule_context(request, person, rule_for(person, rule_id)), "trial": done}
    is_fragment = request.htmx  # type: ignore[attr-defined]
    return render(request, "tickets/rules/partials/trial.html" if is_fragment else "tickets/rules/rule.html", context)


def _on_one(act: Callable[[HttpRequest, Person, Rule], str]) -> Callable[..., HttpResponseBase]:
    """An act on one rule, after which its page, or the list, is shown."""

    @require_POST
    @open_to(Permission.EDIT_RULES)
    @wraps(act)
    def guarded(request: HttpRequest, rule_id: UUID) -> HttpResponse:
        person = person_of(request)
        rule = _changeable(person, rule_id)
        try:
            messages.success(request, act(request, person, rule))
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("tickets:rule", rule_id)
        return redirect("tickets:rule", rule_id) if act.__name__ == "switch" else redirect("tickets:rules")

    return guarded


@_on_one
def switch(request: HttpRequest, person: Person, rule: Rule) -> str:
    is_on = request.POST.get("is_on") == "yes"
    acts.switch_rule(rule, is_on=is_on, by=person, at=now())
    return _("The rule is on. It concerns what happens from now on.") if is_on else _("The rule is off.")


@_on_one
def up(request: HttpRequest, person: Person, rule: Rule) -> str:
    acts.move_rule_up(rule, by=person, at=now())
    return _("Saved.")


@_on_one
def remove(request: HttpRequest, person: Person, rule: Rule) -> str:
    acts.remove_rule(rule, by=person, at=now())
    return _("The rule was removed. What it has done stays as it is.")


def _editor(request: HttpRequest, rule: Rule | None) -> HttpResponse:
    """The form; a post that does not save draws it anew: a row more or less, or what another word takes."""
    person, do = person_of(request), request.POST.get("do", SAVE)
    centers, may_for_all = editable_centers(person)
    form = RuleForm(
        request.POST if request.method == "POST" else None,
        choices=choices_of(organization_of(request)),
        centers=centers,
        may_for_all=may_for_all,
        rule=rule,
        do=do,
    )
    if request.method == "POST" and do == SAVE:
        if form.is_valid() and (saved := _saved(request, form, rule)):
            return redirect("tickets:rule", saved.public_id)
        return render(request, "tickets/rules/editor.html", {"form": form, "rule": rule}, status=422)
    form.show_no_errors()
    is_fragment = request.htmx and request.method == "POST"  # type: ignore[attr-defined]
    template = "tickets/rules/partials/editor.html" if is_fragment else "tickets/rules/editor.html"
    return render(request, template, {"form": form, "rule": rule})


def _saved(request: HttpRequest, form: RuleForm, rule: Rule | None) -> Rule | None:
    """The rule as it is kept; None where the action refused, which the form tells."""
    by, at, draft = person_of(request), now(), form.draft()
    try:
        if rule is None:
            rule, was_on = acts.make_rule(organization_of(request), draft, by=by, at=at), False
        else:
            was_on = rule.is_on
            rule = acts.change_rule(rule, draft, by=by, at=at)
    except Refused as refusal:
        show_refusal(form, refusal)
        return None
    if was_on and not rule.is_on:
        messages.success(request, _("Saved. The rule is off until you have tried it again and switched it on."))
    else:
        messages.success(request, _("Saved."))
    return rule


def _changeable(person: Person, rule_id: UUID) -> Rule:
    rule = rule_for(person, rule_id)
    if not may_change(person, rule):
        raise NotFound
    return rule


def _rule_context(request: HttpRequest, person: Person, rule: Rule) -> dict[str, Any]:
    choices = choices_of(rule.organization)
    page = runs_for(person, rule, choices, cursor=request.GET.get("cursor", ""))
    url = reverse("tickets:rule", args=[rule.public_id])
    return {
        "rule": rule,
        "words": in_words(rule.content, choices),
        "may_change": may_change(person, rule),
        "runs": page.runs,
        "next_url": f"{url}?cursor={page.next_cursor}" if page.next_cursor else "",
        "trial_days": TRIAL_DAYS,
    }
