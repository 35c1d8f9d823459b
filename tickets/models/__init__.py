from tickets.models.alarm import Alarm, AlarmMail, AlarmNotice, AlarmSettings
from tickets.models.breach import Breach
from tickets.models.ticket import Ticket
from tickets.models.topic import Topic

__all__ = ["Alarm", "AlarmMail", "AlarmNotice", "AlarmSettings", "Breach", "Ticket", "Topic"]
