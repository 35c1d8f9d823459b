"""What people hand in on the screens of voices: filters of the board, improvements, topics. Each knows its own input only."""

from voc.forms.asked import CHANNELS, Asked, asked_of
from voc.forms.improvements import ImprovementForm, MoveForm
from voc.forms.topics import MergeForm, TopicForm

__all__ = ["CHANNELS", "Asked", "ImprovementForm", "MergeForm", "MoveForm", "TopicForm", "asked_of"]
