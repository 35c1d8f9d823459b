"""What other rooms are told of surveys when the hub starts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_words import add_action_words
from accounts.navigation import CHANNELS_GROUP, DESK_GROUP, Entry, add_settings_entry
from accounts.policies import Permission
from channels_app.deliveries.announcements import register_announcements
from channels_app.models import Delivery
from kpi.actions.surveys_sending import announcement_for, look_before_it_goes
from kpi.queries.survey_answers import open_count


def register_surveys() -> None:
    """Called once by the room's AppConfig."""
    register_announcements(Delivery.Kind.SURVEY, announcement_for, look_before_it_goes)
    add_settings_entry(
        Entry(
            "kpi:survey_answers",
            _("Survey answers"),
            "chart",
            Permission.USE_INBOX,
            order=80,
            description=_("Scores and comments; low ones with what came of them"),
            group=DESK_GROUP,
            count=open_count,
        )
    )
    add_settings_entry(
        Entry(
            "kpi:survey_settings",
            _("Surveys"),
            "chart",
            Permission.MANAGE_CHANNELS,
            order=108,
            description=_("What customers are asked and when, texts, QR codes"),
            group=CHANNELS_GROUP,
        )
    )
    add_action_words(
        {
            "kpi.surveys.set_caps": _("Changed limits of surveys"),
            "kpi.surveys.set_plan": _("Changed a survey"),
            "kpi.surveys.make_point": _("Made a survey's QR code"),
            "kpi.surveys.switch_point": _("Switched a survey's QR code"),
        }
    )
