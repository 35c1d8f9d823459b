"""What this folder's actions are called in the audit trail."""

from django.utils.translation import gettext_lazy as _

from accounts.audit_words import add_action_words


def register_own_words() -> None:
    """Called once by the room's AppConfig."""
    add_action_words(
        {
            "channels.api_key.create": _("Made API key"),
            "channels.api_key.revoke": _("Revoked API key"),
            "channels.events.read": _("Read events through the API"),
            "channels.customer.read": _("Looked up customer through the API"),
        }
    )
