"""Why something did not reach a customer, in words for whoever wrote it: what was wrong, and what to do.

In this room because the history says it as well. A cause is a code that channels' adapters name; one that comes later
is worded as a plain failure.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

# What a ticket is tagged with where something did not reach its customer. One key for all languages: what it is called is
# the organization's to change, and these words where nobody is asked for names.
TAG = "undelivered"

_WORDS = {
    "no_such_address": _("There is no such address. Ask the customer for another one."),
    "bad_address": _("Nothing can be sent to this address. Ask the customer for another one."),
    "mailbox_full": _("Her mailbox is full."),
    "refused": _("Her mail server refused the mail."),
    "sender_refused": _("The mail server does not let us send from this address. Tell whoever runs the hub."),
    "login_refused": _("The mail server did not accept our log-in. Tell whoever runs the hub."),
    "busy": _("The mail server asked us to come again later."),
    "unreachable": _("The mail server did not answer."),
    "interrupted": _("The connection broke before the mail server had said whether it took the mail."),
    "not_set_up": _("No mail server is set up."),
    "switched_off": _("The channel account was switched off."),
    "bounced": _("Her mail server took the mail and sent it back."),
    "provider_away": _("The provider that sends for us did not answer."),
    "provider_busy": _("The provider that sends for us asked us to come again later."),
    "provider_login": _("The provider that sends for us did not accept our key. Tell whoever runs the hub."),
    "declined": _("The provider that sends for us did not take it."),
    "not_arrived": _("The provider took it, and it did not reach her."),
    "not_wanted": _("The customer does not want any more of them."),
    "file_lost": _("A file that belongs to it is not there any more. Write again and attach it anew."),
    "nothing_to_say": _("What was to be sent is not there any more."),
}


def words_of_cause(cause: str) -> str:
    """Returns the sentence for a cause; a plain one for a code that is not known, "" for none."""
    if not cause:
        return ""
    return str(_WORDS.get(cause, _("It could not be delivered.")))


def words_of_own_tag(key: str) -> str:
    """What the hub's own tag is called; another's key as it is."""
    return str(_("Not delivered")) if key == TAG else key
