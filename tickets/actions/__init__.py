from tickets.actions.refold import Refolding, refold_threads
from tickets.actions.topics import set_topics

__all__ = ["Refolding", "refold_threads", "set_topics"]
