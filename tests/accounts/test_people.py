"""Creating, changing and closing accounts, by action and through the screens."""

import unicodedata

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from accounts import actions, policies
from accounts.models import AuditEntry, Organization, Person, Role
from tests import cast

pytestmark = pytest.mark.django_db
BACKEND = "accounts.backends.PersonBackend"


def _audited(organization: Organization, action: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(organization=organization, action=action).order_by("sequence"))


def test_a_new_person_is_audited_with_access() -> None:
    family = cast.make_organization()
    person = actions.create_person(
        family.organization,
        email=" New@Haneul.Example ",
        name="새사람",
        role=Role.AGENT,
        centers=[family.seoul],
        by=family.owner,
        at=now(),
    )
    assert person.email == "new@haneul.example"
    assert not person.has_usable_password()
    entry = _audited(family.organization, "accounts.person.create")[-1]
    assert entry.by == family.owner
    assert entry.after == {"name": "새사람", "language": "", "role": "agent", "centers": ["seoul"], "stores": []}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "no-mail"}, "email"),
        ({"email": "agent@haneul.example"}, "email"),
        ({"email": "AGENT@haneul.example"}, "email"),
        ({"role": "boss"}, "role"),
        ({"centers": []}, "centers"),
        ({"role": "store_staff"}, "stores"),
        ({"password": "12345678"}, "password"),
        ({"name": " "}, "name"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_remains(changes: dict[str, object], field: str) -> None:
    family = cast.make_organization()
    before = (Person.objects.count(), AuditEntry.objects.count())
    wanted = {"email": "new@haneul.example", "name": "새사람", "role": "agent", "centers": [family.seoul]} | changes
    with pytest.raises(actions.Refused) as refusal:
        actions.create_person(family.organization, **wanted, by=family.owner, at=now())  # type: ignore[arg-type]
    assert refusal.value.field == field
    assert (Person.objects.count(), AuditEntry.objects.count()) == before


def test_only_an_owner_manages_people() -> None:
    family = cast.make_organization()
    for person in (family.lead, family.agent, family.store_staff):
        with pytest.raises(policies.NotAllowed):
            actions.deactivate_person(family.outsider, by=person, at=now())
    family.outsider.refresh_from_db()
    assert family.outsider.is_active


def test_centers_of_another_organization_are_refused() -> None:
    family, others = cast.make_organization(), cast.make_other_organization()
    with pytest.raises(actions.Refused):
        actions.change_role(family.agent, role=Role.AGENT, centers=[others.seoul], stores=[], by=family.owner, at=now())


def test_a_change_of_role_is_audited_once() -> None:
    family = cast.make_organization()
    for _attempt in range(2):
        actions.change_role(family.agent, role=Role.LEAD, centers=[family.busan], stores=[], by=family.owner, at=now())
    (entry,) = _audited(family.organization, "accounts.person.change_role")
    assert entry.before == {"role": "agent", "centers": ["seoul"], "stores": []}
    assert entry.after == {"role": "lead", "centers": ["busan"], "stores": []}


def test_the_last_owner_stays() -> None:
    family = cast.make_organization()
    second = cast.make_person(family.organization, "second", role=Role.OWNER)
    actions.deactivate_person(family.owner, by=second, at=now())
    with pytest.raises(actions.LastOwner):
        actions.change_role(second, role=Role.LEAD, centers=[], stores=[], by=second, at=now())
    with pytest.raises(actions.Refused):
        actions.deactivate_person(second, by=second, at=now())
    second.refresh_from_db()
    assert (second.role, second.is_active) == (Role.OWNER, True)


def test_closing_an_account_ends_its_session_at_once(client: Client) -> None:
    family = cast.make_organization()
    client.force_login(family.agent, backend=BACKEND)
    assert client.get(reverse("accounts:profile")).status_code == 200
    actions.deactivate_person(family.agent, by=family.owner, at=now(), reason="퇴사")
    assert client.get(reverse("accounts:profile")).status_code == 302
    actions.deactivate_person(family.agent, by=family.owner, at=now())
    (entry,) = _audited(family.organization, "accounts.person.deactivate")
    assert entry.reason == "퇴사"


def test_adding_through_the_screen_shows_a_password_that_works(client: Client) -> None:
    family = cast.make_organization()
    client.force_login(family.owner, backend=BACKEND)
    response = client.post(
        reverse("accounts:person_create"),
        {"name": "새사람", "email": "new@haneul.example", "role": "agent", "centers": [family.seoul.pk]},
    )
    assert response.status_code == 200
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    password = response.context["password"]
    assert Client().post("/accounts/login/", {"login": "new@haneul.example", "password": password}).status_code == 302


def test_the_screen_keeps_what_was_typed_and_says_what_is_missing(client: Client) -> None:
    family = cast.make_organization()
    client.force_login(family.owner, backend=BACKEND)
    response = client.post(
        reverse("accounts:person_create"), {"name": "새사람", "email": "new@haneul.example", "role": "agent"}
    )
    assert response.status_code == 422
    assert "centers" in response.context["form"].errors
    assert "new@haneul.example" in response.content.decode()


def test_the_screens_of_one_person(client: Client) -> None:
    family = cast.make_organization()
    client.force_login(family.owner, backend=BACKEND)
    args = [family.agent.public_id]

    client.post(
        reverse("accounts:person_update", args=args),
        {"name": "<b>박</b>", "email": "park@haneul.example", "language": ""},
    )
    family.agent.refresh_from_db()
    assert family.agent.email == "park@haneul.example"
    page = client.get(reverse("accounts:person_detail", args=args)).content.decode()
    assert "<b>박</b>" not in page
    assert "&lt;b&gt;박&lt;/b&gt;" in page

    client.post(
        reverse("accounts:person_change_role", args=args), {"role": "store_staff", "stores": [family.gangnam.pk]}
    )
    family.agent.refresh_from_db()
    assert family.agent.is_store_staff

    old = family.agent.password
    assert client.post(reverse("accounts:person_reset_password", args=args)).status_code == 200
    family.agent.refresh_from_db()
    assert family.agent.password != old

    client.post(reverse("accounts:person_deactivate", args=args), {"reason": "퇴사"})
    family.agent.refresh_from_db()
    assert not family.agent.is_active
    client.post(reverse("accounts:person_reactivate", args=args))
    family.agent.refresh_from_db()
    assert family.agent.is_active


def test_finding_people_by_name_typed_on_a_mac(client: Client) -> None:
    family = cast.make_organization()
    client.force_login(family.owner, backend=BACKEND)
    response = client.get(reverse("accounts:person_list"), {"q": unicodedata.normalize("NFD", "박상담")})
    assert [person.email for person in response.context["people"]] == ["agent@haneul.example"]
