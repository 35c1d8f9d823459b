"""How an amount is shown. Stored as hundredths of a currency's unit, so that nothing is ever rounded."""

from __future__ import annotations

from django.utils.translation import gettext as _

_WITHOUT_CENTS = frozenset({"KRW", "JPY", "VND"})
_SIGNS = {"JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "CNY": "CN¥"}


def shown_amount(hundredths: int, currency: str = "KRW") -> str:
    """12900000, KRW → 129,000원 (English: ₩129,000); negative amounts keep their sign."""
    sign = "-" if hundredths < 0 else ""
    units, cents = divmod(abs(hundredths), 100)
    number = f"{units:,}" if currency in _WITHOUT_CENTS and not cents else f"{units:,}.{cents:02}"
    if currency == "KRW":
        return sign + _("₩%(amount)s") % {"amount": number}
    return f"{sign}{_SIGNS.get(currency, currency + ' ')}{number}"
