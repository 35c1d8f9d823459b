"""This room's entries on the settings page."""

from django.utils.translation import gettext_lazy as _

from accounts.navigation import CHANNELS_GROUP, Entry, add_settings_entry
from accounts.policies import Permission
from channels_app.deliveries.queries import failed_count
from channels_app.refused.queries import waiting_count


def register_own_entries() -> None:
    """Called once by this room's AppConfig."""
    add_settings_entry(
        Entry(
            "channels:widget_list",
            _("Chat widgets"),
            "chat",
            Permission.MANAGE_WIDGETS,
            order=100,
            description=_("Greeting, allowed sites, the line for your pages"),
            group=CHANNELS_GROUP,
        )
    )
    add_settings_entry(
        Entry(
            "channels:account_list",
            _("Channel accounts"),
            "mail",
            Permission.MANAGE_CHANNELS,
            order=103,
            description=_("The addresses that mails go out from and come in to"),
            group=CHANNELS_GROUP,
        )
    )
    add_settings_entry(
        Entry(
            "channels:sms",
            _("Text messages"),
            "send",
            Permission.MANAGE_CHANNELS,
            order=104,
            description=_("The provider that sends texts and Kakao notices"),
            group=CHANNELS_GROUP,
        )
    )
    add_settings_entry(
        Entry(
            "channels:messenger",
            _("Messengers"),
            "chat",
            Permission.MANAGE_CHANNELS,
            order=104,
            description=_("The relay by which answers and surveys leave"),
            group=CHANNELS_GROUP,
        )
    )
    add_settings_entry(
        Entry(
            "channels:consents",
            _("Consents to advertising"),
            "shield",
            Permission.MANAGE_CHANNELS,
            order=107,
            description=_("What customers are told of their consents, and when"),
            group=CHANNELS_GROUP,
        )
    )
    add_settings_entry(
        Entry(
            "channels:delivery_list",
            _("Deliveries"),
            "send",
            Permission.MANAGE_CHANNELS,
            order=106,
            description=_("What went out, what waits, what failed and why"),
            group=CHANNELS_GROUP,
            count=failed_count,
        )
    )
    add_settings_entry(
        Entry(
            "channels:import_list",
            _("Sales files"),
            "upload",
            Permission.IMPORT_SALES,
            order=110,
            description=_("Import what the till exported: CSV or Excel"),
            group=CHANNELS_GROUP,
        )
    )
    add_settings_entry(
        Entry(
            "channels:telephony",
            _("Telephone"),
            "phone",
            Permission.MANAGE_CHANNELS,
            order=105,
            description=_("Calls made from the hub, recordings"),
            group=CHANNELS_GROUP,
        )
    )
    add_settings_entry(
        Entry(
            "channels:key_list",
            _("API keys"),
            "key",
            Permission.MANAGE_CHANNELS,
            order=120,
            description=_("For tills, telephone exchanges and shops that send events"),
            group=CHANNELS_GROUP,
        )
    )
    add_settings_entry(
        Entry(
            "channels:refused_list",
            _("Refused events"),
            "alert",
            Permission.MANAGE_CHANNELS,
            order=130,
            description=_("What could not be taken: mend it and send it again"),
            group=CHANNELS_GROUP,
            count=waiting_count,
        )
    )
