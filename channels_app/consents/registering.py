"""What other rooms are told of consents' notices when the hub starts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_words import add_action_words
from channels_app.consents.sending import announcement_for, look_before_it_goes
from channels_app.deliveries.announcements import register_announcements
from channels_app.models import Delivery


def register_consents() -> None:
    """Called once by the room's AppConfig."""
    register_announcements(Delivery.Kind.CONSENT, announcement_for, look_before_it_goes)
    add_action_words({"channels.consents.set": _("Changed notices of consents")})
