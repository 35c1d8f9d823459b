from tickets.models.saved_view import SavedView
from tickets.models.tag import Tag
from tickets.models.ticket import Ticket
from tickets.models.topic import Topic

__all__ = ["SavedView", "Tag", "Ticket", "Topic"]
