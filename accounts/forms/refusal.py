"""Puts an action's refusal where the person can see it: at the field, or above the form."""

from django import forms

from accounts.actions import Refused


def show_refusal(form: forms.Form, refusal: Refused) -> None:
    """Adds the refusal to the field it names, or to the whole form."""
    field = refusal.field.split(".")[0]
    form.add_error(field if field in form.fields else None, refusal.message)
