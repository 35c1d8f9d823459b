"""What an action of the audit trail is called on the screen. Rooms add the words for their own actions."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from accounts.navigation import Words

_words: dict[str, Words] = {}


def add_action_words(words: Mapping[str, Words]) -> None:
    """Adds names for actions (`customers.view`); a room calls it once, in AppConfig.ready."""
    _words.update(words)


def action_words(action: str) -> str:
    """Returns the action's name on the screen, or the action itself."""
    return str(_words.get(action, action))


def known_actions() -> list[tuple[str, str]]:
    """Returns every named action and its words, for a filter."""
    return sorted(((action, str(words)) for action, words in _words.items()), key=lambda item: item[1])


def register_own_words() -> None:
    add_action_words(
        {
            "accounts.login": _("Logged in"),
            "accounts.logout": _("Logged out"),
            "accounts.login_failed": _("Log-in failed"),
            "accounts.lockout": _("Locked out"),
            "accounts.organization.create": _("Created organization"),
            "accounts.organization.update": _("Changed organization"),
            "accounts.center.create": _("Created center"),
            "accounts.center.update": _("Changed center"),
            "accounts.center.schedule": _("Changed schedule"),
            "accounts.store.create": _("Created store"),
            "accounts.store.update": _("Changed store"),
            "accounts.person.create": _("Added person"),
            "accounts.person.update": _("Changed person"),
            "accounts.person.change_role": _("Changed role or access"),
            "accounts.person.deactivate": _("Closed account"),
            "accounts.person.reactivate": _("Reopened account"),
            "accounts.person.reset_password": _("Reset password"),
            "accounts.person.change_password": _("Changed own password"),
            "accounts.person.add_second_factor": _("Switched on two-step log-in"),
            "accounts.person.remove_second_factor": _("Switched off two-step log-in"),
            "accounts.audit.export": _("Exported audit trail"),
            "accounts.audit.sign_off": _("Signed off audit month"),
        }
    )
