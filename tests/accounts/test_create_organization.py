"""manage.py create_organization: from arguments, from files of several flavours, refused, and updated."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from accounts import audit, queries
from accounts.models import Center, CenterSchedule, Organization, Person, Role, Store
from tickets.models import Topic

pytestmark = pytest.mark.django_db

DAY = [["09:00", "12:00"], ["13:00", "18:00"]]
# The form in which a KPI configuration comes: agents and stores by center, fixed windows beside settings.
BY_CENTER: dict[str, Any] = {
    "timezone": "Asia/Seoul",
    "reopen_days": 7,
    "fcr_days": 7,
    "service_level_seconds": 20,
    "targets": {"chat": 60, "call": 20, "message": 600, "mail": 14400},
    "agents": {"seoul": ["kim", "lee"], "busan": ["kang"]},
    "stores": {"seoul": ["gangnam", "hongdae"], "busan": ["haeundae"]},
    "topics": {"delivery": "배송", "exchange": "교환"},
    "centers": {
        "seoul": {"hours": {"mon": DAY, "sat": [["10:00", "14:00"]]}, "holidays": ["2026-08-15", "2026-09-07"]},
        "busan": {"hours": {"mon": DAY}, "holidays": [], "targets": {"chat": 90, "mail": 7200}},
    },
}
AS_YAML = """
name: 하늘상회
language: ko
agent_email_domain: haneul.example
centers:
  seoul:
    name: 서울 고객센터
    hours:
      mon: [[nine, "12:00"]]
"""
IN_YAML = """
name: 하늘상회
centers:
  head: {name: 본사, kind: head_office}
  seoul:
    name: 서울 고객센터
    hours:
      mon: [[10:00, 12:30], [13:30, 18:00]]
      tue: [[9:00, 18:00]]
    holidays: [2026-08-15]
stores:
  gangnam: {name: 강남점, center: seoul}
people:
  - {email: Owner@Haneul.example, name: 한대표, role: owner, password: river-lantern-42}
  - {email: store@haneul.example, role: store_staff, stores: [gangnam]}
"""


def _run(slug: str, *arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("create_organization", slug, *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def _file(tmp_path: Path, content: Any, name: str = "hub.json") -> str:
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


def test_a_bare_organization() -> None:
    out, err = _run("haneul", "--name", "하늘상회")
    organization = Organization.objects.get()
    assert (organization.slug, organization.name, organization.timezone) == ("haneul", "하늘상회", "Asia/Seoul")
    assert "하늘상회 (haneul): 0 centers, 0 stores, 0 people." in out
    assert "--owner-email" in err
    assert audit.verify_chain(organization).is_intact


def test_with_an_owner_who_can_log_in() -> None:
    out, _ = _run("haneul", "--owner-email", "Owner@haneul.example", "--owner-name", "한대표")
    owner = Person.objects.get()
    assert (owner.email, owner.name, owner.role) == ("owner@haneul.example", "한대표", Role.OWNER)
    password = next(line.split()[-1] for line in out.splitlines() if "owner@haneul.example" in line)
    assert owner.check_password(password)


def test_the_flavour_by_center(tmp_path: Path) -> None:
    out, err = _run("haneul", "--name", "하늘상회", "--config", _file(tmp_path, BY_CENTER))
    organization = Organization.objects.get()
    seoul, busan = Center.objects.get(slug="seoul"), Center.objects.get(slug="busan")
    in_seoul, in_busan = (queries.schedule_at(center, now()) for center in (seoul, busan))
    assert in_seoul is not None
    assert in_busan is not None
    assert in_seoul.hours == {"mon": DAY, "sat": [["10:00", "14:00"]]}
    assert in_seoul.targets == BY_CENTER["targets"]
    assert in_busan.targets == {"chat": 90, "call": 20, "message": 600, "mail": 7200}
    assert {store.slug: store.center for store in Store.objects.all()} == {
        "gangnam": seoul,
        "hongdae": seoul,
        "haeundae": busan,
    }
    kim = Person.objects.get(email="kim@shop.example")
    assert (kim.role, list(kim.centers.all())) == (Role.AGENT, [seoul])
    assert dict(Topic.objects.filter(organization=organization).values_list("slug", "name")) == BY_CENTER["topics"]
    assert "fcr_days" in err
    assert out.count("@shop.example  ") == 3


def test_yaml_with_times_that_yaml_takes_for_numbers(tmp_path: Path) -> None:
    out, err = _run("haneul", "--config", _file(tmp_path, IN_YAML, "hub.yaml"))
    schedule = CenterSchedule.objects.get(center__slug="seoul")
    assert schedule.hours == {
        "mon": [["10:00", "12:30"], ["13:30", "18:00"]],
        "tue": [["09:00", "18:00"]],
    }
    assert schedule.holidays == ["2026-08-15"]
    assert Center.objects.get(slug="head").is_head_office
    assert Person.objects.get(email="owner@haneul.example").check_password("river-lantern-42")
    assert "river-lantern-42" not in out
    assert "store@haneul.example" in out
    assert not err


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("[1, 2]", "$"),
        ("{", "hub"),
        ({"centres": {}}, "centres"),
        ({"timezone": "Seoul"}, "timezone"),
        ({"reopen_days": "7"}, "reopen_days"),
        ({"reopen_days": 0}, "reopen_days"),
        ({"targets": {"fax": 3}}, "targets.fax"),
        ({"centers": ["seoul"]}, "centers"),
        ({"centers": {"Seoul": {}}}, "centers.Seoul"),
        ({"centers": {"hub": {}}}, "centers.hub"),
        ({"centers": {"seoul": {"hours": {"mon": [["9", "18"]]}}}}, "centers.seoul.hours.mon[0]"),
        ({"centers": {"seoul": {"holidays": ["soon"]}}}, "centers.seoul.holidays[0]"),
        ({"centers": {"seoul": {"kind": "shop"}}}, "centers.seoul.kind"),
        ({"stores": {"gangnam": {"center": "nowhere"}}}, "nowhere"),
        ({"people": [{"email": "x@y.example"}]}, "people[0].role"),
        ({"people": [{"email": "x", "role": "owner"}]}, "people[0].email"),
        ({"people": [{"email": "x@y.example", "role": "owner", "password": "12345678"}]}, "password"),
        ({"agents": {"nowhere": ["kim"]}}, "nowhere"),
        ({"agents": {"seoul": "kim"}}, "agents.seoul"),
        ({"topics": {"delivery": 1}}, "topics.delivery"),
        (AS_YAML, "centers.seoul.hours.mon[0]"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_remains(tmp_path: Path, content: Any, named: str) -> None:
    name = "hub.yaml" if content is AS_YAML else "hub.json"
    with pytest.raises(CommandError) as problem:
        _run("haneul", "--config", _file(tmp_path, content, name))
    assert named in str(problem.value)
    assert not Organization.objects.exists()
    assert not Person.objects.exists()


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(CommandError, match=r"nowhere\.json"):
        _run("haneul", "--config", "nowhere.json")


def test_an_existing_slug_is_refused_and_updated_when_asked(tmp_path: Path) -> None:
    path = _file(tmp_path, BY_CENTER)
    _run("haneul", "--config", path)
    with pytest.raises(CommandError, match="--update"):
        _run("haneul", "--config", path)
    counts = (CenterSchedule.objects.count(), Person.objects.count(), Store.objects.count())
    passwords = dict(Person.objects.values_list("email", "password"))

    out, _ = _run("haneul", "--config", path, "--update")
    assert (CenterSchedule.objects.count(), Person.objects.count(), Store.objects.count()) == counts
    assert "Passwords" not in out

    changed = {**BY_CENTER, "centers": {**BY_CENTER["centers"], "jeju": {}}}
    changed["centers"]["seoul"] = {"name": "서울", "hours": {"mon": DAY}}
    changed["agents"] = {"seoul": ["kim", "new"], "busan": ["kim"]}
    out, _ = _run("haneul", "--name", "새 이름", "--config", _file(tmp_path, changed), "--update")
    assert Organization.objects.get().name == "새 이름"
    assert set(Center.objects.values_list("slug", "name")) == {("seoul", "서울"), ("busan", "busan"), ("jeju", "jeju")}
    seoul = Center.objects.get(slug="seoul")
    assert CenterSchedule.objects.filter(center=seoul).count() == 2
    current = queries.schedule_at(seoul, now())
    assert current is not None
    assert (current.hours, current.holidays) == ({"mon": DAY}, ["2026-08-15", "2026-09-07"])
    assert set(Person.objects.get(email="kim@shop.example").centers.values_list("slug", flat=True)) == {
        "seoul",
        "busan",
    }
    assert "new@shop.example" in out
    assert dict(Person.objects.filter(email__in=passwords).values_list("email", "password")) == passwords


def test_updating_what_is_not_there_is_refused() -> None:
    with pytest.raises(CommandError, match="no organization"):
        _run("haneul", "--update")
