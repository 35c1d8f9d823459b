from tickets.models.ticket import Ticket
from tickets.models.topic import Topic

__all__ = ["Ticket", "Topic"]
