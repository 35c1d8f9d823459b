"""Every write on rules themselves: made, changed, put in order, tried, switched on and off, removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import audit, policies
from accounts.actions import Refused
from accounts.actors import Actor, System
from accounts.models import Center, Organization
from accounts.policies import Permission
from tickets.models import Rule, RuleTimer
from tickets.queries.rule_choices import choices_of, offered
from tickets.rules.checking import is_rule
from tickets.rules.content import Content
from tickets.rules.ready import ready_rules

# Each event is compared with all of them.
MOST_RULES = 100


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule as somebody has put it together. Without a center it is for all tickets of the organization."""

    name: str
    content: Content
    center: Center | None = None


def make_rule(organization: Organization, draft: Draft, *, by: Actor, at: datetime) -> Rule:
    """A new rule is off. Raises NotAllowed or Refused."""
    _check(organization, draft)
    rule = Rule(organization=organization)
    with transaction.atomic():
        _require(by, organization, draft.center)
        standing = Rule.objects.filter(organization=organization)
        if standing.filter(removed_at=None).count() >= MOST_RULES:
            raise Refused(_("There are %(count)d rules already. Remove one first.") % {"count": MOST_RULES})
        last = standing.aggregate(last=Max("position"))["last"]
        rule.position = 0 if last is None else last + 1
        _write(rule, draft, at)
        audit.record(organization, by=by, at=at, action="tickets.rules.make", obj=_obj(rule), after=_told(rule))
    return rule


def make_ready_rules(organization: Organization, *, by: Actor, at: datetime) -> None:
    """Makes the rules to begin with, in the organization's language; none whose name there is already."""
    with translation.override(organization.language):
        ready = ready_rules()
    for name, content in ready:
        if not Rule.objects.filter(organization=organization, name=name, removed_at=None).exists():
            make_rule(organization, Draft(name, content), by=by, at=at)


def change_rule(rule: Rule, draft: Draft, *, by: Actor, at: datetime) -> Rule:
    """Puts the rule in other words. A changed one is off until it has been tried again. Raises NotAllowed or Refused."""
    _check(rule.organization, draft)
    with transaction.atomic():
        row = _locked(rule)
        _require(by, row.organization, row.center)
        _require(by, row.organization, draft.center)
        before = _told(row)
        is_same = (row.content, row.center_id) == (draft.content, draft.center.pk if draft.center else None)
        _write(row, draft, row.changed_at if is_same else at)
        if not is_same:
            _switch_off(row)
        audit.record(
            row.organization,
            by=by,
            at=at,
            action="tickets.rules.change",
            obj=_obj(row),
            before=before,
            after=_told(row),
        )
    return row


def note_trial(rule: Rule, *, by: Actor, at: datetime) -> None:
    """The rule as it is now was tried on past tickets."""
    with transaction.atomic():
        row = _locked(rule)
        _require(by, row.organization, row.center)
        Rule.objects.filter(pk=row.pk).update(tried_at=at)


def switch_rule(rule: Rule, *, is_on: bool, by: Actor, at: datetime) -> None:
    """Switched on it concerns what happens from now on. Raises NotAllowed, or Refused for one that was not tried."""
    with transaction.atomic():
        row = _locked(rule)
        _require(by, row.organization, row.center)
        if row.is_on == is_on:
            return
        if is_on and not row.is_tried:
            raise Refused(_("Try the rule on past tickets first: you see what it would have done."))
        if is_on:
            Rule.objects.filter(pk=row.pk).update(is_on=True, on_since=at)
        else:
            _switch_off(row)
        action = "tickets.rules.switch_on" if is_on else "tickets.rules.switch_off"
        audit.record(row.organization, by=by, at=at, action=action, obj=_obj(row))


def move_rule_up(rule: Rule, *, by: Actor, at: datetime) -> None:
    """One place up in the order in which rules act. The first stays where it is."""
    with transaction.atomic():
        _require(by, rule.organization, rule.center)
        standing = Rule.objects.select_for_update(of=("self",)).filter(
            organization=rule.organization_id, removed_at=None
        )
        order = list(standing.order_by("position", "pk"))
        place = next((place for place, other in enumerate(order) if other.pk == rule.pk), 0)
        if place:
            order[place - 1], order[place] = order[place], order[place - 1]
        _put_in_order(order)
        audit.record(rule.organization, by=by, at=at, action="tickets.rules.move", obj=_obj(rule))


def remove_rule(rule: Rule, *, by: Actor, at: datetime) -> None:
    """Out of the list, and off; what it did still leads to it."""
    with transaction.atomic():
        row = _locked(rule)
        _require(by, row.organization, row.center)
        if row.removed_at is not None:
            return
        _switch_off(row)
        Rule.objects.filter(pk=row.pk).update(removed_at=at)
        audit.record(row.organization, by=by, at=at, action="tickets.rules.remove", obj=_obj(row), before=_told(row))


def may_edit(by: Actor, organization: Organization, center: Center | None) -> bool:
    """Owners and head offices edit all; who leads a center those of that center."""
    if not policies.may(by, Permission.EDIT_RULES):
        return False
    if isinstance(by, System) or policies.is_operator(by):
        return True
    if by.organization_id != organization.pk:
        return False
    return policies.reaches_all_centers(by) if center is None else policies.reaches_center(by, center)


def _require(by: Actor, organization: Organization, center: Center | None) -> None:
    if not may_edit(by, organization, center):
        raise policies.NotAllowed(Permission.EDIT_RULES)


def _check(organization: Organization, draft: Draft) -> None:
    if not draft.name.strip():
        raise Refused(_("Give the rule a name."), field="name")
    if not is_rule(draft.content, offered(choices_of(organization))):
        raise Refused(_("Something of this rule is missing or does not exist any more. Look through its parts."))


def _write(rule: Rule, draft: Draft, changed_at: datetime) -> None:
    content = draft.content
    rule.name, rule.center = draft.name.strip(), draft.center
    rule.trigger, rule.minutes, rule.in_business_time = content.trigger, content.minutes, content.in_business_time
    rule.conditions = [part.plain for part in content.conditions]
    rule.acts = [part.plain for part in content.acts]
    rule.changed_at = changed_at
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError as error:
        raise Refused(_("Another rule has this name already."), field="name") from error


def _switch_off(rule: Rule) -> None:
    Rule.objects.filter(pk=rule.pk).update(is_on=False, on_since=None)
    RuleTimer.objects.filter(organization=rule.organization_id, rule=rule).delete()
    rule.is_on, rule.on_since = False, None


def _locked(rule: Rule) -> Rule:
    rows = Rule.objects.select_for_update(of=("self",)).select_related("organization", "center")
    return rows.get(pk=rule.pk)


def _put_in_order(order: Sequence[Rule]) -> None:
    for position, rule in enumerate(order):
        if rule.position != position:
            Rule.objects.filter(pk=rule.pk).update(position=position)


def _obj(rule: Rule) -> str:
    return f"rule {rule.public_id}"


def _told(rule: Rule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "center": rule.center.slug if rule.center else None,
        "when": rule.trigger,
        "minutes": rule.minutes,
        "in_business_time": rule.in_business_time,
        "if": rule.conditions,
        "then": rule.acts,
    }
