"""Whether somebody else has answered meanwhile: decided where an answer is written, not before.

Beside the hub's acts because both they and the doors that tell a person of it need the same refusal.
"""

from __future__ import annotations

from accounts.models import Person
from channels_app.intake import Check
from customers.actions import Recording
from customers.models import Event
from tickets.models import Ticket


class AnsweredMeanwhile(Exception):
    """Another agent's answer has come that the person had not seen. Nothing was written.

    `agent_email` wrote the latest of them, `seq` is its number: sent again with `seen=seq` the answer goes.
    """

    def __init__(self, agent_email: str, seq: int) -> None:
        super().__init__(agent_email, seq)
        self.agent_email, self.seq = agent_email, seq


def unless_answered(ticket: Ticket, *, since: int, by: Person) -> Check:
    """Returns the check that refuses an answer by `by` where a colleague's has come `since` that number.

    The recording has taken a number of the thread by then, and so holds the thread's row: whoever answers at the same
    time waits for it, and finds this answer when she looks.
    """

    def check(recording: Recording) -> None:
        if not any(recorded.is_new for recorded in recording.recorded):
            return  # sent before, and gone then
        answers = Event.objects.filter(
            organization_id=ticket.organization_id, thread=ticket.thread, thread_seq__gt=since, author="agent"
        ).exclude(agent_email=by.email)
        latest = answers.order_by("-thread_seq").values_list("agent_email", "thread_seq").first()
        if latest is not None:
            raise AnsweredMeanwhile(latest[0], latest[1] or 0)

    return check
