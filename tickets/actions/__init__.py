from tickets.actions.refold import refold_threads
from tickets.actions.topics import set_topics

__all__ = ["refold_threads", "set_topics"]
