"""The file from which an organization is made: its shape, and what is wrong with one.

Pure: a loaded YAML or JSON document in, a checked configuration out, or ConfigurationProblem naming
the key and what was expected. Values that are absent stay None, so that an update can leave them alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.models import Center, Organization, Role
from accounts.schedules import Hours, InvalidSchedule, Targets, normal_holidays, normal_hours, normal_targets
from accounts.validators import validate_currency, validate_slug, validate_timezone

DEFAULT_AGENT_DOMAIN = "shop.example"

KEYS = frozenset(
    {
        *("name", "timezone", "language", "currency", "reopen_days", "targets", "centers", "stores"),
        *("people", "agents", "agent_email_domain", "topics"),
    }
)
# METRICS.md fixes these for everybody; a file that names them is welcome, its values change nothing.
FIXED_KEYS = frozenset(
    {"fcr_days", "issue_days", "dropout_days", "return_days", "service_level_seconds", "short_abandon_seconds"}
)


class ConfigurationProblem(Exception):
    """A key of the file is not usable; `path` names it, `expected` says what should stand there."""

    def __init__(self, path: str, expected: str) -> None:
        self.path = path
        self.expected = expected
        super().__init__(f"{path}: {expected}")


@dataclass(frozen=True, slots=True)
class ScheduleChange:
    """What holds from the midnight of a day on; what is None stays as it was."""

    first: date
    hours: Hours | None = None
    holidays: list[str] | None = None
    targets: Targets | None = None


@dataclass(frozen=True, slots=True)
class CenterConfiguration:
    slug: str
    name: str | None = None
    kind: str | None = None
    hours: Hours | None = None
    holidays: list[str] | None = None
    targets: Targets | None = None
    changes: tuple[ScheduleChange, ...] = ()


@dataclass(frozen=True, slots=True)
class StoreConfiguration:
    slug: str
    name: str | None = None
    center: str | None = None


@dataclass(frozen=True, slots=True)
class PersonConfiguration:
    email: str
    role: str
    name: str | None = None
    centers: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()
    password: str | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Configuration:
    name: str | None = None
    timezone: str | None = None
    language: str | None = None
    currency: str | None = None
    reopen_days: int | None = None
    targets: Targets | None = None
    centers: tuple[CenterConfiguration, ...] = ()
    stores: tuple[StoreConfiguration, ...] = ()
    people: tuple[PersonConfiguration, ...] = ()
    # Short name → name; they belong to the tickets' room, which the command asks to keep them.
    topics: dict[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()


def parse_configuration(document: object) -> Configuration:
    """Returns the checked configuration. Raises ConfigurationProblem at the first key that is wrong."""
    root = _mapping(document, "$")
    unknown = sorted(str(key) for key in root if key not in KEYS | FIXED_KEYS)
    if unknown:
        raise ConfigurationProblem(unknown[0], _("unknown key; known are: %s") % ", ".join(sorted(KEYS)))
    return Configuration(
        name=_text(root, "name", ""),
        timezone=_checked(root, "timezone", validate_timezone),
        language=_choice(root, "language", list(Organization.Language.values), ""),
        currency=_checked(root, "currency", validate_currency),
        reopen_days=_days(root, "reopen_days"),
        targets=_schedule_part(root, "targets", "", normal_targets),
        centers=_centers(root.get("centers")),
        stores=_stores(root.get("stores")),
        people=(*_people(root.get("people")), *_agents(root)),
        topics=_topics(root.get("topics")),
        ignored=tuple(sorted(key for key in root if key in FIXED_KEYS)),
    )


def _centers(value: object) -> tuple[CenterConfiguration, ...]:
    centers = []
    for slug, content in _mapping(value or {}, "centers").items():
        path = f"centers.{slug}"
        _slug(slug, path)
        center = _mapping(content or {}, path)
        _refuse_unknown(center, {"name", "kind", "hours", "holidays", "targets", "changes"}, path)
        centers.append(
            CenterConfiguration(
                slug=slug,
                name=_text(center, "name", path),
                kind=_choice(center, "kind", list(Center.Kind.values), path),
                hours=_schedule_part(center, "hours", path, normal_hours),
                holidays=_schedule_part(center, "holidays", path, normal_holidays),
                targets=_schedule_part(center, "targets", path, normal_targets),
                changes=_changes(center.get("changes"), f"{path}.changes"),
            )
        )
    return tuple(centers)


def _changes(value: object, path: str) -> tuple[ScheduleChange, ...]:
    """Takes [{from: day, hours, holidays, targets}, …], and gives them by their days."""
    if value is not None and not isinstance(value, list):
        raise ConfigurationProblem(path, _("expected a list of changes, each with the day it is from"))
    changes: dict[date, ScheduleChange] = {}
    for number, content in enumerate(value or []):
        own = f"{path}[{number}]"
        change = _mapping(content, own)
        _refuse_unknown(change, {"from", "hours", "holidays", "targets"}, own)
        first = _first_day(change.get("from"), f"{own}.from")
        if first in changes:
            raise ConfigurationProblem(f"{own}.from", _("expected another day for each change"))
        changes[first] = ScheduleChange(
            first,
            hours=_schedule_part(change, "hours", own, normal_hours),
            holidays=_schedule_part(change, "holidays", own, normal_holidays),
            targets=_schedule_part(change, "targets", own, normal_targets),
        )
    return tuple(changes[first] for first in sorted(changes))


def _first_day(value: object, path: str) -> date:
    if isinstance(value, date):  # as YAML reads it
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ConfigurationProblem(path, _('expected a date such as "2026-08-15"')) from None


def _stores(value: object) -> tuple[StoreConfiguration, ...]:
    """Takes {center: [store, …]}, {store: {name, center}} or [{slug, name, center}, …]."""
    if isinstance(value, list):
        return tuple(_store(None, item, f"stores[{number}]") for number, item in enumerate(value))
    stores: list[StoreConfiguration] = []
    for key, content in _mapping(value or {}, "stores").items():
        path = f"stores.{key}"
        if isinstance(content, list):
            stores += [_store(key, item, f"{path}[{number}]") for number, item in enumerate(content)]
        else:
            stores.append(_store(None, {"slug": key, **_mapping(content or {}, path)}, path))
    return tuple(stores)


def _store(center: str | None, value: object, path: str) -> StoreConfiguration:
    if isinstance(value, str):
        value = {"slug": value}
    store = _mapping(value, path)
    _refuse_unknown(store, {"slug", "name", "center"}, path)
    slug = _text(store, "slug", path)
    if slug is None:
        raise ConfigurationProblem(f"{path}.slug", _("expected a short name"))
    _slug(slug, f"{path}.slug")
    return StoreConfiguration(slug, _text(store, "name", path), center or _text(store, "center", path))


def _people(value: object) -> tuple[PersonConfiguration, ...]:
    if value is not None and not isinstance(value, list):
        raise ConfigurationProblem("people", _("expected a list of people with email, name and role"))
    people = []
    for number, content in enumerate(value or []):
        path = f"people[{number}]"
        person = _mapping(content, path)
        _refuse_unknown(person, {"email", "name", "role", "centers", "stores", "password", "language"}, path)
        role = _choice(person, "role", list(Role.values), path)
        if role is None:
            raise ConfigurationProblem(f"{path}.role", _("expected one of: %s") % ", ".join(Role.values))
        people.append(
            PersonConfiguration(
                email=_email(_text(person, "email", path), f"{path}.email"),
                role=role,
                name=_text(person, "name", path),
                centers=_slugs(person.get("centers"), f"{path}.centers"),
                stores=_slugs(person.get("stores"), f"{path}.stores"),
                password=_text(person, "password", path),
                language=_choice(person, "language", list(Organization.Language.values), path) or "",
            )
        )
    return tuple(people)


def _agents(root: Mapping[str, Any]) -> tuple[PersonConfiguration, ...]:
    """Takes {center: [name, …]}: each becomes an agent `name@agent_email_domain`; a whole address stays."""
    domain = _text(root, "agent_email_domain", "") or DEFAULT_AGENT_DOMAIN
    centers_of: dict[str, list[str]] = {}
    for center, names in _mapping(root.get("agents") or {}, "agents").items():
        for name in _slugs(names, f"agents.{center}"):
            email = name if "@" in name else f"{name}@{domain}"
            centers_of.setdefault(_email(email, f"agents.{center}"), []).append(center)
    return tuple(
        PersonConfiguration(email=email, role=Role.AGENT, name=email.split("@")[0], centers=tuple(centers))
        for email, centers in centers_of.items()
    )


def _topics(value: object) -> dict[str, str]:
    topics = _mapping(value or {}, "topics")
    for slug, name in topics.items():
        _slug(slug, f"topics.{slug}")
        if not isinstance(name, str) or not name.strip():
            raise ConfigurationProblem(f"topics.{slug}", _("expected a name"))
    return {slug: name.strip() for slug, name in topics.items()}


def _mapping(value: object, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise ConfigurationProblem(path, _("expected an object with names as keys"))
    return value


def _refuse_unknown(content: Mapping[str, Any], known: set[str], path: str) -> None:
    for key in content:
        if key not in known:
            raise ConfigurationProblem(f"{path}.{key}", _("unknown key; known are: %s") % ", ".join(sorted(known)))


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _text(content: Mapping[str, Any], key: str, path: str) -> str | None:
    value = content.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise ConfigurationProblem(_join(path, key), _("expected a text"))
    return value.strip()


def _choice(content: Mapping[str, Any], key: str, choices: list[str], path: str) -> str | None:
    value = content.get(key)
    if value is not None and value not in choices:
        raise ConfigurationProblem(_join(path, key), _("expected one of: %s") % ", ".join(choices))
    return value


def _days(content: Mapping[str, Any], key: str) -> int | None:
    value = content.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 365:
        raise ConfigurationProblem(key, _("expected whole days from 1 to 365"))
    return value


def _checked(content: Mapping[str, Any], key: str, validate: Any) -> str | None:
    value = _text(content, key, "")
    if value is not None:
        _validate(validate, value, key)
    return value


def _slug(value: str, path: str) -> None:
    _validate(validate_slug, value, path)


def _slugs(value: object, path: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise ConfigurationProblem(path, _("expected a list of names"))
    return tuple(item.strip() for item in value)


def _email(value: str | None, path: str) -> str:
    if value is None:
        raise ConfigurationProblem(path, _("expected an e-mail address"))
    _validate(validate_email, value, path)
    return value.lower()


def _validate(validate: Any, value: str, path: str) -> None:
    try:
        validate(value)
    except ValidationError as error:
        raise ConfigurationProblem(path, error.messages[0]) from error


def _schedule_part(content: Mapping[str, Any], key: str, path: str, normalise: Any) -> Any:
    if content.get(key) is None:
        return None
    try:
        return normalise(content[key], path=_join(path, key))
    except InvalidSchedule as error:
        raise ConfigurationProblem(error.path, error.expected) from error
