from tickets.models.draft import Draft
from tickets.models.mention import Mention
from tickets.models.ticket import Ticket
from tickets.models.topic import Topic

__all__ = ["Draft", "Mention", "Ticket", "Topic"]
