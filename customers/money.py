"""Amounts: in which currency, and how they are shown. Stored as hundredths of its unit, so that nothing is ever rounded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from customers.incoming import DEFAULT_CURRENCY

_WITHOUT_CENTS = frozenset({"KRW", "JPY", "VND"})
_SIGNS = {"JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "CNY": "CN¥"}


def currency_of(data: Mapping[str, Any]) -> str:
    """The currency of a sale or refund by what it was told with."""
    return str(data.get("currency") or DEFAULT_CURRENCY).upper()


def sold_in(currency: str) -> Q:
    """Of sales and refunds, those in this currency."""
    return Q(qualifier="" if currency == DEFAULT_CURRENCY else currency)


def shown_amount(hundredths: int, currency: str = DEFAULT_CURRENCY) -> str:
    """12900000, KRW → 129,000원 (English: ₩129,000); negative amounts keep their sign."""
    sign = "-" if hundredths < 0 else ""
    units, cents = divmod(abs(hundredths), 100)
    number = f"{units:,}" if currency in _WITHOUT_CENTS and not cents else f"{units:,}.{cents:02}"
    if currency == "KRW":
        return sign + _("₩%(amount)s") % {"amount": number}
    return f"{sign}{_SIGNS.get(currency, currency + ' ')}{number}"
