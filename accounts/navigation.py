"""What stands in the rail, in the bottom bar and on the settings page. Rooms add their own entries.

A room calls `add_main_entry` or `add_settings_entry` once, in its AppConfig.ready. Who sees an entry is
decided by a permission here, and again by the view behind it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import policies
from accounts.models import Person, Role
from accounts.policies import Permission

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Entry:
    """`order` sorts within the list; `icon` is a symbol of static/icons.svg; `count` gives a badge or 0.

    An owner begins with figures and looks at the desk when they say so: `owner_order` is her order where it differs.
    """

    url_name: str
    label: Words
    icon: str
    permission: Permission
    order: int = 100
    # Only on the settings page.
    description: Words = ""
    group: Words = ""
    count: Callable[[Person], int] | None = None
    owner_order: int | None = None

    def order_for(self, person: Person) -> int:
        return self.order if self.owner_order is None or person.role != Role.OWNER else self.owner_order

    @property
    def url(self) -> str:
        return reverse(self.url_name)


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry as one person sees it on one page."""

    entry: Entry
    url: str
    is_current: bool
    count: int


# At 390 px each is 75 px wide then, and holds its word in one line.
FITS_ON_BAR = 5

_main: list[Entry] = []
_settings: list[Entry] = []


def add_main_entry(entry: Entry) -> None:
    """Adds to the rail and the bottom bar, where what does not fit stands under “More”."""
    _main.append(entry)


def add_settings_entry(entry: Entry) -> None:
    """Adds to the settings page and its side list. Entries of one `group` stand together."""
    _settings.append(entry)


def main_entries(person: Person, path: str) -> list[ShownEntry]:
    """Returns what this person sees in the rail; the entry whose address begins `path` is current."""
    return _shown(_main, person, path)


@dataclass(frozen=True, slots=True)
class Bar:
    """The bottom bar of a phone: what stands on it, and what is under “More”, with the settings if there are any."""

    shown: list[ShownEntry]
    more: list[ShownEntry]

    @property
    def is_more_current(self) -> bool:
        return any(entry.is_current for entry in self.more)


def bar_of(entries: list[ShownEntry], *, with_settings: bool) -> Bar:
    """As many entries as a thumb can tell apart, the last place for “More” where there are others."""
    if len(entries) + with_settings <= FITS_ON_BAR:
        return Bar(entries, [])
    return Bar(entries[: FITS_ON_BAR - 1], entries[FITS_ON_BAR - 1 :])


def settings_groups(person: Person, path: str) -> list[tuple[Words, list[ShownEntry]]]:
    """Returns the settings page's groups, in the order in which their first entries stand."""
    groups: dict[str, tuple[Words, list[ShownEntry]]] = {}
    for shown in _shown(_settings, person, path):
        label = shown.entry.group
        groups.setdefault(str(label), (label, []))[1].append(shown)
    return list(groups.values())


def has_settings(person: Person) -> bool:
    return any(policies.may(person, entry.permission) for entry in _settings)


def _shown(entries: list[Entry], person: Person, path: str) -> list[ShownEntry]:
    return [
        ShownEntry(entry, url, path.startswith(url), entry.count(person) if entry.count else 0)
        for entry in sorted(entries, key=lambda entry: entry.order_for(person))
        if policies.may(person, entry.permission)
        for url in [entry.url]
    ]


ORGANIZATION_GROUP = _("Organization")
DESK_GROUP = _("The desk")
CHANNELS_GROUP = _("Channels and data")
SAFETY_GROUP = _("Records")


def register_own_entries() -> None:
    """The entries of this room; called by its AppConfig."""
    add_settings_entry(
        Entry(
            "accounts:organization",
            _("Organization"),
            "building",
            Permission.MANAGE_ORGANIZATION,
            order=10,
            description=_("Name, time zone, currency, default targets"),
            group=ORGANIZATION_GROUP,
        )
    )
    add_settings_entry(
        Entry(
            "accounts:center_list",
            _("Centers"),
            "headset",
            Permission.EDIT_SCHEDULES,
            order=20,
            description=_("Opening hours, holidays, response targets"),
            group=ORGANIZATION_GROUP,
        )
    )
    add_settings_entry(
        Entry(
            "accounts:store_list",
            _("Stores"),
            "store",
            Permission.MANAGE_STRUCTURE,
            order=30,
            description=_("Stores and the centers that answer for them"),
            group=ORGANIZATION_GROUP,
        )
    )
    add_settings_entry(
        Entry(
            "accounts:person_list",
            _("People"),
            "users",
            Permission.SEE_PEOPLE,
            order=40,
            description=_("Accounts, roles, centers and stores"),
            group=ORGANIZATION_GROUP,
        )
    )
    add_settings_entry(
        Entry(
            "accounts:audit_log",
            _("Audit trail"),
            "shield",
            Permission.READ_AUDIT,
            order=200,
            description=_("Who saw or changed what; monthly review"),
            group=SAFETY_GROUP,
        )
    )
