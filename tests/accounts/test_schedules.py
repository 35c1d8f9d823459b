"""Hours, holidays and targets: what is accepted, that the past stays, and the editor."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from accounts import actions, policies, queries
from accounts.in_force import schedules_of
from accounts.models import AuditEntry, CenterSchedule
from accounts.schedules import (
    FROM_THE_BEGINNING,
    InvalidSchedule,
    normal_holidays,
    normal_hours,
    normal_targets,
)
from tests import cast

BACKEND = "accounts.backends.PersonBackend"


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ({"mon": [["13:00", "18:00"], ["09:00", "12:00"]]}, {"mon": [["09:00", "12:00"], ["13:00", "18:00"]]}),
        ({"fri": [["22:00", "02:00"]], "sun": []}, {"fri": [["22:00", "02:00"]]}),
        ({"sat": [["00:00", "24:00"]]}, {"sat": [["00:00", "24:00"]]}),
        ({"thu": [["9:30", " 18:00 "]]}, {"thu": [["09:30", "18:00"]]}),
        ({}, {}),
    ],
)
def test_hours_are_put_in_order(hours: dict[str, Any], expected: dict[str, Any]) -> None:
    assert normal_hours(hours) == expected


@pytest.mark.parametrize(
    ("hours", "path"),
    [
        ({"monday": []}, "hours.monday"),
        ({"mon": "09:00-18:00"}, "hours.mon"),
        ({"mon": [["09:00"]]}, "hours.mon[0]"),
        ({"mon": [["09:00", "25:00"]]}, "hours.mon[0]"),
        ({"mon": [["9", "18"]]}, "hours.mon[0]"),
        ({"mon": [["09:00", "09:00"]]}, "hours.mon[0]"),
        ({"mon": [["09:00", "13:00"], ["12:00", "18:00"]]}, "hours.mon[1]"),
        ({"mon": [["20:00", "02:00"], ["21:00", "23:00"]]}, "hours.mon[1]"),
        ({"mon": [[540, 1080]]}, "hours.mon[0]"),
        (["mon"], "hours"),
        (None, "hours"),
    ],
)
def test_hours_that_make_no_sense_are_named(hours: Any, path: str) -> None:
    with pytest.raises(InvalidSchedule) as problem:
        normal_hours(hours)
    assert problem.value.path == path


def test_holidays_and_targets() -> None:
    assert normal_holidays(["2026-08-17", "2026-08-15", "2026-08-15"]) == ["2026-08-15", "2026-08-17"]
    assert normal_targets({"mail": 7200, "chat": 90}) == {"chat": 90, "mail": 7200}


@pytest.mark.parametrize("wrong", [["15.8.2026"], ["2026-02-30"], "2026-08-15", [20260815]])
def test_holidays_that_are_no_days(wrong: Any) -> None:
    with pytest.raises(InvalidSchedule):
        normal_holidays(wrong)


@pytest.mark.parametrize("wrong", [{"fax": 60}, {"chat": 0}, {"chat": 1.5}, {"chat": True}, {"chat": "60"}, [60]])
def test_targets_that_are_no_seconds(wrong: Any) -> None:
    with pytest.raises(InvalidSchedule):
        normal_targets(wrong)


@pytest.mark.django_db
def test_a_new_schedule_leaves_the_old_one_in_force_before_it() -> None:
    family = cast.make_organization()
    first = queries.schedule_at(family.seoul, datetime(2020, 1, 1, tzinfo=UTC))
    assert first is not None
    assert first.effective_from == FROM_THE_BEGINNING
    at = now()
    second = actions.set_center_schedule(
        family.seoul, hours={"mon": [["10:00", "19:00"]]}, holidays=[], targets={"chat": 90}, by=family.lead, at=at
    )
    assert queries.schedule_at(family.seoul, at - timedelta(seconds=1)) == first
    assert queries.schedule_at(family.seoul, at) == second
    first.refresh_from_db()
    assert first.hours["mon"] == [["09:00", "12:00"], ["13:00", "18:00"]]
    entry = AuditEntry.objects.get(action="accounts.center.schedule")
    assert entry.before is not None
    assert entry.after is not None
    assert entry.before["hours"] == first.hours
    assert entry.after["targets"] == {"chat": 90}


@pytest.mark.django_db
def test_saving_without_a_change_adds_nothing() -> None:
    family = cast.make_organization()
    current = queries.schedule_at(family.seoul, now())
    assert current is not None
    for _attempt in range(2):
        again = actions.set_center_schedule(
            family.seoul, hours=current.hours, holidays=[], targets={}, by=family.lead, at=now()
        )
        assert again == current


@pytest.mark.django_db
def test_the_past_is_refused_and_so_is_another_team() -> None:
    family = cast.make_organization()
    at, count = now(), CenterSchedule.objects.count()
    with pytest.raises(actions.ScheduleIsInThePast):
        actions.set_center_schedule(
            family.seoul,
            hours={},
            holidays=[],
            targets={},
            by=family.owner,
            at=at,
            effective_from=at - timedelta(days=1),
        )
    for person in (family.lead, family.agent):
        with pytest.raises(policies.NotAllowed):
            actions.set_center_schedule(family.busan, hours={}, holidays=[], targets={}, by=person, at=at)
    assert CenterSchedule.objects.count() == count


@pytest.mark.django_db
def test_a_new_center_takes_the_organizations_targets() -> None:
    family = cast.make_organization()
    organization = actions.update_organization(
        family.organization,
        name=family.organization.name,
        timezone="Asia/Seoul",
        currency="KRW",
        language="ko",
        reopen_days=7,
        default_targets={"chat": 30, "call": 10},
        by=family.owner,
        at=now(),
    )
    center = actions.create_center(
        organization, slug="jeju", name="제주", targets={"chat": 120}, by=family.owner, at=now()
    )
    schedule = queries.schedule_at(center, now())
    assert schedule is not None
    assert schedule.targets == {"chat": 120, "call": 10}
    unmoved = queries.schedule_at(family.seoul, now())
    assert unmoved is not None
    assert unmoved.targets == {}


@pytest.mark.django_db
def test_the_editor_saves_spans_holidays_and_targets(client: Client) -> None:
    family = cast.make_organization()
    client.force_login(family.lead, backend=BACKEND)
    response = client.post(
        reverse("accounts:center_set_schedule", args=[family.seoul.public_id]),
        {
            "mon_start": ["13:00", "09:00", ""],
            "mon_end": ["18:00", "12:00", ""],
            "holiday": ["2026-08-15", "2026-08-17"],
            "own_holiday": ["2026-09-07", ""],
            "chat_amount": "2",
            "chat_unit": "m",
            "mail_amount": "",
            "next_chat_amount": "3",
            "next_chat_unit": "m",
            "resolution_any_amount": "8",
            "resolution_any_unit": "h",
            "resolution_mail_amount": "24",
            "resolution_mail_unit": "h",
            "unassigned_amount": "5",
            "unassigned_unit": "m",
            "starts": "now",
        },
    )
    assert response.status_code == 302
    schedule = queries.schedule_at(family.seoul, now())
    assert schedule is not None
    assert schedule.hours == {"mon": [["09:00", "12:00"], ["13:00", "18:00"]]}
    assert schedule.holidays == ["2026-08-15", "2026-08-17", "2026-09-07"]
    assert schedule.targets == {"chat": 120}
    assert schedule.next_response_targets == {"chat": 180}
    assert schedule.resolution_targets == {"any": 8 * 3600, "mail": 24 * 3600}
    assert schedule.unassigned_seconds == 300
    page = client.get(reverse("accounts:center_detail", args=[family.seoul.public_id])).content.decode()
    assert 'name="resolution_any_amount" id="id_resolution_any_amount" value="8"' in page


@pytest.mark.django_db
def test_targets_keep_what_an_edit_does_not_name_and_refuse_what_is_too_long(client: Client) -> None:
    family = cast.make_organization()
    first = actions.set_center_schedule(
        family.seoul, hours={}, holidays=[], targets={}, resolution_targets={"chat": 3600}, by=family.lead, at=now()
    )
    second = actions.set_center_schedule(
        family.seoul, hours={}, holidays=[], targets={"chat": 30}, by=family.lead, at=now()
    )
    assert first.pk != second.pk
    assert second.resolution_targets == {"chat": 3600}
    client.force_login(family.lead, backend=BACKEND)
    response = client.post(
        reverse("accounts:center_set_schedule", args=[family.seoul.public_id]),
        {"resolution_any_amount": "2000", "resolution_any_unit": "h", "starts": "now"},
    )
    assert response.status_code == 422
    assert 'value="2000"' in response.content.decode()
    assert queries.schedule_at(family.seoul, now()) == second


@pytest.mark.django_db
def test_what_holds_at_an_instant_is_what_was_in_force_then() -> None:
    family = cast.make_organization()
    changed_at = now()
    actions.set_center_schedule(
        family.seoul, hours={}, holidays=[], targets={"chat": 30}, by=family.lead, at=changed_at
    )
    schedules = schedules_of(family.organization)
    before = schedules.at(family.seoul.pk, changed_at - timedelta(microseconds=1))
    after = schedules.at(family.seoul.pk, changed_at)
    assert (before.first_response_seconds("chat"), after.first_response_seconds("chat")) == (60, 30)
    assert (before.hours.is_always_open, after.hours.is_always_open) == (False, True)
    assert (after.next_response_seconds("chat"), after.next_response_seconds("mail")) == (30, 14_400)
    assert after.resolution_seconds("chat") is None
    assert schedules.at(None, changed_at).hours.is_always_open


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "shown"),
    [
        ({"mon_start": ["09:00"], "mon_end": [""]}, "mon"),
        ({"tue_start": ["09:00", "10:00"], "tue_end": ["12:00", "13:00"]}, "tue"),
    ],
)
def test_the_editor_points_at_the_wrong_day_and_keeps_what_was_typed(
    client: Client, wrong: dict[str, list[str]], shown: str
) -> None:
    family = cast.make_organization()
    client.force_login(family.lead, backend=BACKEND)
    response = client.post(
        reverse("accounts:center_set_schedule", args=[family.seoul.public_id]), {"starts": "now", **wrong}
    )
    assert response.status_code == 422
    days = {day.key: day for day in response.context["schedule_form"].days()}
    assert days[shown].error
    assert days[shown].spans
    assert CenterSchedule.objects.filter(center=family.seoul).count() == 1


@pytest.mark.django_db
def test_the_editor_plans_from_a_later_midnight(client: Client) -> None:
    family = cast.make_organization()
    client.force_login(family.owner, backend=BACKEND)
    day = (now() + timedelta(days=10)).astimezone(family.organization.zone).date()
    url = reverse("accounts:center_set_schedule", args=[family.seoul.public_id])
    assert client.post(url, {"starts": "later", "starts_date": "2020-01-01"}).status_code == 422
    assert client.post(url, {"starts": "later", "starts_date": day.isoformat()}).status_code == 302
    planned = CenterSchedule.objects.filter(center=family.seoul).latest("effective_from")
    local = planned.effective_from.astimezone(family.organization.zone)
    assert (local.date(), local.hour, local.minute) == (day, 0, 0)
    page = client.get(reverse("accounts:center_detail", args=[family.seoul.public_id]))
    assert [row.is_planned for row in page.context["schedules"]] == [True, False]


@pytest.mark.django_db
def test_public_holidays_of_other_years_are_no_days_of_her_own(client: Client) -> None:
    family = cast.make_organization()
    year = now().year
    chosen = [f"{year - 1}-03-01", f"{year}-12-25", f"{year + 3}-03-01"]
    client.force_login(family.lead, backend=BACKEND)
    address = reverse("accounts:center_set_schedule", args=[family.seoul.public_id])
    client.post(address, {"holiday": chosen, "own_holiday": [f"{year}-03-03"], "starts": "now"})
    page = client.get(reverse("accounts:center_detail", args=[family.seoul.public_id])).content.decode()
    for day in chosen:
        assert f'name="holiday" value="{day}" class="checkbox checkbox-sm" checked' in page
    assert page.count('name="own_holiday" value="') == 1
    assert "3일 선택" in page
