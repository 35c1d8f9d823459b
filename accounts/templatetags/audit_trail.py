"""An audit entry in words."""

import json

from django import template

from accounts import audit_words

register = template.Library()
register.filter("action_words", audit_words.action_words)


@register.filter
def as_json(value: object) -> str:
    """Returns a before or after as it is kept, readable."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
