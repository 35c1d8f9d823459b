"""What this folder's actions are called in the audit trail."""

from django.utils.translation import gettext_lazy as _

from accounts.audit_words import add_action_words


def register_own_words() -> None:
    """Called once by the room's AppConfig."""
    add_action_words(
        {
            "channels.import.upload": _("Uploaded sales file"),
            "channels.import.start": _("Started sales import"),
            "channels.import.cancel": _("Stopped sales import"),
            "channels.import.refused_rows": _("Downloaded refused rows of sales import"),
        }
    )
