from tickets.models.availability import Availability, AvailabilityChange
from tickets.models.routing import AgentRouting, CenterRouting
from tickets.models.ticket import Ticket
from tickets.models.topic import Topic

__all__ = ["AgentRouting", "Availability", "AvailabilityChange", "CenterRouting", "Ticket", "Topic"]
