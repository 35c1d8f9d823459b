"""The dashboard's places in the rail and on the settings page, and what its acts are called in the audit trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_words import add_action_words
from accounts.navigation import DESK_GROUP, ORGANIZATION_GROUP, Entry, add_main_entry, add_settings_entry
from accounts.policies import Permission


def register_figures() -> None:
    add_main_entry(Entry("kpi:dashboard", _("Figures"), "chart", Permission.SEE_FIGURES, order=50, owner_order=1))
    add_settings_entry(
        Entry(
            "kpi:goals",
            _("Goals and targets"),
            "chart",
            Permission.MANAGE_FIGURES,
            order=25,
            description=_("What figures are to be, from which day on"),
            group=ORGANIZATION_GROUP,
        )
    )
    add_settings_entry(
        Entry(
            "kpi:mails",
            _("Figures by mail"),
            "mail",
            Permission.SEE_FIGURES,
            order=80,
            description=_("Monday's mail, and the daily one"),
            group=DESK_GROUP,
        )
    )
    add_action_words(
        {
            "kpi.tickets": _("Looked at the tickets behind a figure"),
            "kpi.export": _("Exported figures"),
            "kpi.export.download": _("Downloaded an export"),
            "kpi.goal.set": _("Set a goal"),
            "kpi.openness.set": _("Changed who sees whose figures"),
        }
    )
