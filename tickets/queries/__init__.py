from tickets.queries.conversation import arrived_after, conversation_of, tickets_beside
from tickets.queries.holding import tickets_holding
from tickets.queries.inbox import counts_of, page_of, rows_of, some_of
from tickets.queries.lists import Asked, View
from tickets.queries.names import agent_names, topic_names
from tickets.queries.one import short_ticket_for, ticket_for

__all__ = [
    "Asked",
    "View",
    "agent_names",
    "arrived_after",
    "conversation_of",
    "counts_of",
    "page_of",
    "rows_of",
    "short_ticket_for",
    "some_of",
    "ticket_for",
    "tickets_beside",
    "tickets_holding",
    "topic_names",
]
