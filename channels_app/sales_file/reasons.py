"""Why a file, or a row of it, cannot be taken: a code and its particulars, worded when it is shown.

Codes are stored, sentences are not: the worker that finds the trouble does not know the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from channels_app.problems import Problem, render

# What a sale may have, as a person calls it.
FIELDS = {
    "time": _("Sold at"),
    "clock": _("Time of day (own column)"),
    "business_date": _("Business day"),
    "receipt": _("Receipt number"),
    "register": _("Register"),
    "store": _("Store"),
    "kind": _("Sale or refund (each its own row)"),
    "status": _("State of the order (cancelled or not)"),
    "line": _("Line number on the receipt"),
    "sku": _("Item code"),
    "name": _("Item"),
    "quantity": _("Quantity"),
    "unit_price": _("Unit price"),
    "amount": _("Amount"),
    "member_no": _("Member number"),
    "customer_name": _("Customer's name"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "staff": _("Staff"),
    "original_receipt": _("Receipt that is refunded"),
    "points": _("Points earned"),
}

FILE_PROBLEMS = {
    "empty": _("The file is empty."),
    "too_large": _("The file is larger than %(limit)s MB. Split it by month and import the parts."),
    "unpacks_too_large": _("The file unpacks to more than %(limit)s MB. Split it by month and import the parts."),
    "too_many_rows": _("The file has more than %(limit)s rows. Split it by month and import the parts."),
    "too_many_columns": _("Row %(row)s has more than %(limit)s columns. This is no list of sales."),
    "not_a_table": _("This is %(what)s, not a CSV or XLSX file, whatever its name says."),
    "old_excel": _("This is the old Excel format (.xls). Open it in Excel and save it as .xlsx or CSV."),
    "web_page": _("This is a web page with an Excel name. Open it in Excel and save it as .xlsx or CSV."),
    "locked": _("The file is locked with a password. Save it without one."),
    "broken_archive": _("The file is damaged and cannot be unpacked. Export it again."),
    "unsafe_xml": _("The workbook carries XML declarations that no spreadsheet program writes."),
    "no_sheet": _("The workbook has no sheet with rows."),
    "no_header": _(
        "No row with column names was found in the first %(limit)s rows. "
        "The first row of the list must name its columns."
    ),
    "header_only": _("The file has column names and no rows."),
    "unclear_encoding": _(
        "The characters of row %(row)s are neither UTF-8 nor CP949 throughout. "
        "Choose the encoding; rows that do not fit it will be refused one by one."
    ),
    "unknown_encoding": _("%(encoding)s is not an encoding that is read here."),
    "broken_quotes": _("From row %(row)s on the quotation marks do not match."),
    "missing_columns": _("Nothing was found for: %(fields)s."),
    "unknown_field": _("%(field)s is not something a sale has."),
    "unknown_column": _("The file has no column %(column)s."),
    "field_twice": _("“%(column)s” is already the %(field)s."),
    "column_twice": _("The column %(column)s was chosen for two things."),
    "no_store": _("The file does not say at which store. Choose one."),
    "unknown_store": _("There is no store %(store)s."),
    "gone": _("The uploaded file is no longer there. Upload it again."),
    "broke_off": _("The import broke off %(times)s times in a row. Send this page's address to your operator."),
}

ROW_PROBLEMS = {
    "no_time": _("The date is missing."),
    "bad_time": _("“%(value)s” is not a date that is known here."),
    "day_or_month_first": _("“%(value)s” may be two dates. Say whether day or month comes first."),
    "no_such_time": _("%(value)s does not exist in %(zone)s: the clocks were set forward."),
    "no_receipt": _("The receipt number is missing."),
    "no_amount": _("There is neither an amount nor a price with a quantity."),
    "bad_number": _("“%(value)s” is not a number (%(field)s)."),
    "too_big_number": _("%(value)s is too large (%(field)s)."),
    "no_store_in_row": _("The store is missing."),
    "store_not_known": _("There is no store “%(value)s”."),
    "unreadable": _("The row has characters that cannot be read in this encoding."),
    "unknown_kind": _("“%(value)s” is neither a sale nor a refund that is known here."),
    "not_paid": _("Not paid yet (%(value)s)."),
    "option_alone": _("An option without the item it belongs to."),
    "other_row": _("Row %(row)s of the same receipt was refused, so the whole receipt was."),
    "two_customers": _("The rows of this receipt name different customers."),
    "no_money": _("No money moved and nobody bought: a stock adjustment, not a sale."),
    "adjustment": _("The total is negative though this is no refund: a bookkeeping adjustment, not a sale."),
    "bad_debt": _("A bad debt adjustment, not a sale."),
    "differs": _("This receipt was imported before with other content; the first one stays."),
    "too_many_items": _("The receipt has more than %(limit)s items."),
    "door": "%(problem)s",
}


class FileProblem(Exception):
    """The file as a whole cannot be taken. `code` is one of FILE_PROBLEMS, `params` fill its sentence."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code, self.params = code, params
        super().__init__(code, params)

    def __str__(self) -> str:
        return describe(self.code, self.params)


class RowProblem(Exception):
    """One row cannot be taken. `code` is one of ROW_PROBLEMS, `params` fill its sentence."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code, self.params = code, params
        super().__init__(code, params)


def describe(code: str, params: Mapping[str, Any]) -> str:
    """Returns the sentence in the language of whoever reads; an unknown code (of an older version) as it is."""
    sentence = FILE_PROBLEMS.get(code) or ROW_PROBLEMS.get(code)
    if sentence is None:
        return code
    named = {key: _worded(key, value) for key, value in params.items()}
    try:
        return str(sentence) % named
    except (KeyError, ValueError):
        return str(sentence)


def _worded(key: str, value: Any) -> Any:
    """Some particulars are words of ours and not of the file."""
    if key == "what":
        return gettext(value)
    if key == "problem":
        document = render(Problem.from_json(value))
        return " ".join(str(document[part]) for part in ("detail", "expected", "received") if document.get(part))
    if key == "field":
        return str(FIELDS.get(value, value))
    if key == "fields":
        return ", ".join(str(FIELDS.get(field, field)) for field in value)
    return value
