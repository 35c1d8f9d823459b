from channels_app.models.announced import Announced
from channels_app.models.api_key import ApiKey
from channels_app.models.consent import ConsentNotice, ConsentSettings
from channels_app.models.delivery import ChannelAccount, Delivery, DeliveryAttempt, MailReference
from channels_app.models.received import RefusedEvent, RepeatedEvent
from channels_app.models.sales_import import ColumnMapping, RefusedRow, SalesImport
from channels_app.models.telephony import CallRequest, TelephonySettings
from channels_app.models.widget import WidgetConversation, WidgetSettings, WidgetVisitor

__all__ = [
    "Announced",
    "ApiKey",
    "CallRequest",
    "ChannelAccount",
    "ColumnMapping",
    "ConsentNotice",
    "ConsentSettings",
    "Delivery",
    "DeliveryAttempt",
    "MailReference",
    "RefusedEvent",
    "RefusedRow",
    "RepeatedEvent",
    "SalesImport",
    "TelephonySettings",
    "WidgetConversation",
    "WidgetSettings",
    "WidgetVisitor",
]
