"""What people type and choose on the import screens; shapes only, the deciding is done in actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from django import forms
from django.utils.translation import gettext_lazy as _

from channels_app.sales_file.choices import Choices
from channels_app.sales_file.columns import column_letter, missing_fields
from channels_app.sales_file.reasons import FIELDS, describe
from channels_app.sales_file.table import Table
from channels_app.sales_file.text import ENCODINGS
from channels_app.sales_file.values import text

ENCODING_NAMES = {
    "utf-8": _("UTF-8 (new programs)"),
    "cp949": _("CP949 (older Korean programs, Excel)"),
    "utf-16": _("UTF-16 (Excel's Unicode text)"),
    "cp1252": _("Western European"),
}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Sales file"),
        help_text=_("CSV or XLSX with one row for each item sold, up to 50 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.gz,.txt,.tsv"}),
        allow_empty_file=True,
    )


class EncodingForm(forms.Form):
    encoding = forms.ChoiceField(label=_("Encoding"), choices=[(name, ENCODING_NAMES[name]) for name in ENCODINGS])


class ColumnsForm(forms.Form):
    """One choice for each column, and what no column tells."""

    store = forms.ChoiceField(label=_("Store"), required=False)
    date_order = forms.ChoiceField(
        label=_("03/04/2026 means"),
        required=False,
        choices=[
            ("", _("Such dates do not occur")),
            ("mdy", _("4 March (month first)")),
            ("dmy", _("3 April (day first)")),
        ],
    )
    receipts_repeat = forms.BooleanField(
        label=_("Several tills give the same receipt numbers on one day"),
        required=False,
        help_text=_("Then the time tells receipts apart. Not needed where a column names the register."),
    )
    refund_prefix = forms.CharField(label=_("Receipts that begin with this are refunds"), required=False, max_length=10)

    def __init__(
        self, data: Mapping[str, Any] | None, *, table: Table, mapping: Mapping[str, int], choices: Choices,
        stores: Mapping[str, str], unknown_stores: list[str],
    ) -> None:  # fmt: skip
        told = {name: getattr(choices, name) for name in ("store", "date_order", "receipts_repeat", "refund_prefix")}
        if not told["store"] and len(stores) == 1:
            told["store"] = next(iter(stores))
        super().__init__(data, initial=told)
        self.table, self._choices, self._unknown = table, choices, unknown_stores
        fields_of = {index: field for field, index in mapping.items()}
        options = [("", _("Not used")), *FIELDS.items()]
        for index, title in enumerate(table.header):
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=title or column_letter(index), choices=options, required=False, initial=fields_of.get(index, "")
            )
        named = list(stores.items())
        store = self.fields["store"]
        assert isinstance(store, forms.ChoiceField)
        store.choices = [("", _("As the rows say")), *named]
        for index, name in enumerate(unknown_stores):
            self.fields[f"store_name_{index}"] = forms.ChoiceField(
                label=name, choices=[("", _("Refuse these rows")), *named], required=False,
                initial=choices.store_names.get(name, ""),
            )  # fmt: skip

    def columns(self) -> list[dict[str, Any]]:
        """Returns each column for the screen: letter, title, sample cells, and the field that chooses."""
        sample = self.table.sample()
        return [
            {
                "letter": column_letter(index),
                "title": title,
                "sample": [text(cells[index], limit=60) if index < len(cells) else "" for _row, cells in sample],
                "field": self[f"column_{index}"],
            }
            for index, title in enumerate(self.table.header)
        ]

    def store_names(self) -> list[forms.BoundField]:
        return [self[f"store_name_{index}"] for index in range(len(self._unknown))]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        mapping: dict[str, int] = {}
        for index in range(len(self.table.header)):
            field = cleaned.get(f"column_{index}")
            if field and field in mapping:
                self.add_error(
                    f"column_{index}",
                    describe("field_twice", {"field": field, "column": self.table.header[mapping[field]]}),
                )
            elif field:
                mapping[field] = index
        if not self.errors:
            if missing := missing_fields(mapping):
                raise forms.ValidationError(describe("missing_columns", {"fields": missing}))
            if "store" not in mapping and not cleaned.get("store"):
                self.add_error("store", describe("no_store", {}))
        cleaned["mapping"] = mapping
        return cleaned

    def choices(self) -> Choices:
        """Returns what was decided, on top of what had been."""
        cleaned = self.cleaned_data
        names = dict(self._choices.store_names)
        for index, name in enumerate(self._unknown):
            names[name] = cleaned[f"store_name_{index}"]
        return msgspec.structs.replace(
            self._choices,
            store=cleaned["store"],
            date_order=cleaned["date_order"],
            receipts_repeat=cleaned["receipts_repeat"],
            refund_prefix=cleaned["refund_prefix"].strip(),
            store_names={name: slug for name, slug in names.items() if slug},
        )
