from tickets.models.alarm import Alarm, AlarmMail, AlarmNotice, AlarmSettings
from tickets.models.availability import Availability, AvailabilityChange
from tickets.models.breach import Breach
from tickets.models.routing import AgentRouting, CenterRouting
from tickets.models.ticket import Ticket
from tickets.models.topic import Topic

__all__ = [
    "AgentRouting",
    "Alarm",
    "AlarmMail",
    "AlarmNotice",
    "AlarmSettings",
    "Availability",
    "AvailabilityChange",
    "Breach",
    "CenterRouting",
    "Ticket",
    "Topic",
]
