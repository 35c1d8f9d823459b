"""For whom something that a team writes for itself is there: everyone, who answers for one center, or one person alone.

A room of its own because saved replies and macros are kept for the same three, in the same two columns.
"""

from __future__ import annotations

from django.db.models import BaseConstraint, CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext as _

SHORTCUT_LENGTH = 30
TITLE_LENGTH = 60

# What a form calls the three; a center is called by its slug.
EVERYONE, OWN = "everyone", "own"


def audience_constraints(prefix: str) -> list[BaseConstraint]:
    """A center or a person or neither; and of those of one audience no two with the same shortcut."""
    told = ~Q(shortcut="")
    return [
        CheckConstraint(condition=Q(center=None) | Q(person=None), name=f"{prefix}_has_one_audience"),
        UniqueConstraint(
            fields=["organization", "shortcut"],
            condition=told & Q(center=None, person=None),
            name=f"{prefix}_shortcut_once_for_all",
        ),
        UniqueConstraint(
            fields=["organization", "center", "shortcut"], condition=told, name=f"{prefix}_shortcut_once_in_center"
        ),
        UniqueConstraint(
            fields=["organization", "person", "shortcut"], condition=told, name=f"{prefix}_shortcut_once_of_person"
        ),
    ]


def audience_words(center_name: str, *, is_own: bool) -> str:
    """On the screen."""
    if is_own:
        return _("Only me")
    return center_name or _("Everyone")
