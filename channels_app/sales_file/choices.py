"""What a person decided about a file besides its columns, and what the file's own header suggests.

Pure. Kept as JSON on the import and remembered with the columns; becomes the Rules by which rows are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import msgspec

from channels_app.sales_file.columns import missing_fields, plain_title
from channels_app.sales_file.lines import Rules
from channels_app.sales_file.reasons import FileProblem
from channels_app.sales_file.values import key_part

# Where a till's own numbering begins again each morning, at each till; order numbers never do.
TILL_NUMBERS = {"영수증번호", "영수번호", "receiptno", "receiptnumber", "receipt"}
# The numbering of the one program that writes a cancelled invoice as C536379.
INVOICE_NUMBERS = {"invoiceno", "invoice", "invoicenumber"}


class Choices(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All decisions about one file. `store_names` leads from a name in the file to a store's slug."""

    encoding: str = ""
    store: str = ""
    store_names: dict[str, str] = {}
    date_order: str = ""
    refund_prefix: str = ""
    receipts_repeat: bool = False
    # slug → name of the stores that whoever chose may write; fixed then, so that a run needs nobody's rights.
    stores: dict[str, str] = {}

    def to_remember(self) -> Choices:
        """Returns what also holds for the next file of this kind."""
        return msgspec.structs.replace(self, encoding="", stores={})


def suggested(header: Sequence[str], columns: Mapping[str, int]) -> Choices:
    """Returns what the header suggests for files of its kind."""
    receipt = plain_title(header[columns["receipt"]]) if "receipt" in columns else ""
    return Choices(
        refund_prefix="C" if receipt in INVOICE_NUMBERS else "",
        receipts_repeat=receipt in TILL_NUMBERS and "register" not in columns,
    )


def rules_of(columns: Mapping[str, int], choices: Choices, *, zone: ZoneInfo, currency: str) -> Rules:
    """Returns how the rows are to be read.

    Raises FileProblem where something is missing without which no row can be read.
    """
    if missing := missing_fields(columns):
        raise FileProblem("missing_columns", fields=missing)
    if choices.store and choices.store not in choices.stores:
        raise FileProblem("unknown_store", store=choices.store)
    if not choices.store and "store" not in columns:
        raise FileProblem("no_store")
    names = {key_part(word): slug for slug, name in choices.stores.items() for word in (name, slug)}
    for name, slug in choices.store_names.items():
        if slug in choices.stores:
            names[key_part(name)] = slug
    return Rules(
        columns=columns,
        zone=zone,
        currency=currency,
        store=choices.store,
        store_names=names,
        date_order=choices.date_order,
        refund_prefix=choices.refund_prefix,
        receipts_repeat=choices.receipts_repeat,
    )
