from tickets.queries.holding import tickets_holding
from tickets.queries.one import ticket_for

__all__ = ["ticket_for", "tickets_holding"]
