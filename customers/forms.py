"""What people type about a customer. Shape and kindness only; the actions decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Store
from customers.actions.profile import MEMO_LENGTH
from customers.consenting import MEDIA
from customers.names import NAME_LENGTH
from customers.queries.consent_sentences import how_words, medium_words

NOTE_LENGTH = 2000


class CounterForm(forms.Form):
    """A note or an inquiry at the counter. `key` is made with the form, so that sending twice is one act."""

    text = forms.CharField(label=_("What is it about?"), max_length=NOTE_LENGTH)
    store = forms.UUIDField(label=_("Store"))
    key = forms.UUIDField()

    def __init__(self, *args: Any, stores: Sequence[Store], **kwargs: Any) -> None:
        """`stores` are those she may write for."""
        super().__init__(*args, **kwargs)
        self.stores = {store.public_id: store for store in stores}

    def clean_store(self) -> Store:
        store = self.stores.get(self.cleaned_data["store"])
        if store is None:
            raise forms.ValidationError(_("Choose one of your stores."))
        return store


class ReasonForm(forms.Form):
    """Why somebody needs to see, or take out, what is hidden. “Other” needs words of one's own."""

    CHOICES = (
        ("identity", _("To check who she is")),
        ("exchange", _("Exchange or refund")),
        ("delivery", _("Delivery or call back")),
        ("other", _("Other reason")),
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=CHOICES)
    text = forms.CharField(label=_("In your words"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason") == "other" and len(cleaned.get("text", "").strip()) < 2:
            self.add_error("text", _("Say in a few words why."))
        return cleaned

    @property
    def words(self) -> str:
        """The reason as the audit trail keeps it; only after `is_valid`."""
        chosen = str(dict(self.CHOICES)[self.cleaned_data["reason"]])
        text = self.cleaned_data["text"].strip()
        return f"{chosen}: {text}" if text else chosen


class ExportForm(ReasonForm):
    CHOICES = (
        ("request", _("She asked for her data")),
        ("dispute", _("Complaint or dispute")),
        ("authority", _("An authority asked for it")),
        ("other", _("Other reason")),
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=CHOICES)


class NameForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    expected = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)


class MemoForm(forms.Form):
    memo = forms.CharField(
        label=_("Memo"),
        required=False,
        max_length=MEMO_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": MEMO_LENGTH}),
    )
    # Not stripped: what is compared must be what stands in the database.
    expected = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)


class ConsentForm(forms.Form):
    """A consent, or that it is taken back. `key` is made with the form, so that sending twice is one act."""

    HOW = ("counter", "phone", "paper", "chat", "messenger", "web", "kiosk")

    act = forms.ChoiceField(
        choices=[("give", _("Write down her consent")), ("withdraw", pgettext_lazy("consent", "Withdraw"))]
    )
    chosen = forms.MultipleChoiceField(
        label=_("By what"), required=False, error_messages={"invalid_choice": _("Choose by what she wants to be told.")}
    )
    night = forms.BooleanField(label=_("Also between 21:00 and 8:00"), required=False)
    how = forms.ChoiceField(label=_("Where she said so"))
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = [(medium, medium_words(medium)) for medium in MEDIA]  # type: ignore[attr-defined]
        self.fields["how"].choices = [(how, how_words(how)) for how in self.HOW]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("chosen") and "chosen" not in self.errors:
            self.add_error("chosen", _("Choose by what she wants to be told."))
        return cleaned
