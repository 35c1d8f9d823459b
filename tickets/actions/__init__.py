from tickets.actions.refold import Refolding, refold_threads
from tickets.actions.tags import TagNameTaken, keep_tags, rename_tag
from tickets.actions.topics import set_topics

__all__ = ["Refolding", "TagNameTaken", "keep_tags", "refold_threads", "rename_tag", "set_topics"]
