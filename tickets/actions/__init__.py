from tickets.actions.refold import Refolding, refold_threads
from tickets.actions.saved_views import CannotSaveView, change_view, delete_view, move_view_up, save_view
from tickets.actions.tags import TagNameTaken, keep_tags, rename_tag
from tickets.actions.topics import set_topics

__all__ = [
    "CannotSaveView",
    "Refolding",
    "TagNameTaken",
    "change_view",
    "delete_view",
    "keep_tags",
    "move_view_up",
    "refold_threads",
    "rename_tag",
    "save_view",
    "set_topics",
]
