"""What this folder's actions are called in the audit trail."""

from django.utils.translation import gettext_lazy as _

from accounts.audit_words import add_action_words


def register_own_words() -> None:
    """Called once by the room's AppConfig."""
    add_action_words(
        {
            "channels.messenger.set": _("Changed messengers"),
            "channels.messenger.view_secret": _("Viewed secret of messengers"),
        }
    )
