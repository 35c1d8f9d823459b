"""What the inbox's search box finds: the customer's name, number or membership, and the last words of a ticket."""

from __future__ import annotations

import re
import unicodedata

from django.db.models import Q, QuerySet

from customers.models import Customer, Identity
from customers.models.identity import IdentityKind
from customers.names import from_wrong_keyboard, name_query
from customers.phone_numbers import parse_phone

# One letter finds thousands of names; a list of tickets needs the recent ones, and one more letter helps.
CUSTOMERS_AT_MOST = 500
LONGEST_WORDS = 100


def tidy_words(typed: str) -> str:
    """What was typed as it is searched for: NFC, single spaces, no control characters, at most LONGEST_WORDS."""
    shown = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in typed)
    return unicodedata.normalize("NFC", " ".join(shown.split()))[:LONGEST_WORDS].strip()


def matching(organization_id: int, words: str) -> Q:
    """Returns the condition on a ticket's row. Asks for customers first: two statements at most, three for English."""
    found = Q(last_text__icontains=words)
    roots = _roots_numbered(organization_id, words) | _roots_named(organization_id, words)
    if roots:
        found |= Q(customer__in=roots) | Q(customer__merged_into__in=roots)
    return found


def _roots_numbered(organization_id: int, words: str) -> set[int]:
    digits = re.sub(r"[\s-]", "", words)
    asked = Q(kind=IdentityKind.MEMBER_NO, value=words)
    phone = parse_phone(words)
    if phone.identifies:
        asked |= Q(kind=IdentityKind.PHONE, account="", value=phone.e164)
    if re.fullmatch(r"[0-9]{4}", digits):
        asked |= Q(kind=IdentityKind.PHONE, last4=digits)
    if not re.search(r"[0-9]", words):
        return set()
    rows = Identity.objects.filter(asked, organization_id=organization_id).order_by("-pk")
    return _roots(rows.values_list("customer_id", "customer__merged_into_id")[:CUSTOMERS_AT_MOST])


def _roots_named(organization_id: int, words: str) -> set[int]:
    for typed in (words, from_wrong_keyboard(words)):
        query = name_query(typed)
        if not query.key:
            continue
        column = {"name_chosung__contains": query.chosung} if query.has_initials else {"name_nfd__contains": query.nfd}
        rows = Customer.objects.filter(organization_id=organization_id, **column).order_by("-last_seen_at", "-pk")
        named = rows.values_list("pk", "merged_into_id", "name")[:CUSTOMERS_AT_MOST]
        found = {root or pk for pk, root, name in named if query.matches(name)}
        if found:
            return found
    return set()


def _roots(pairs: QuerySet[Identity, tuple[int, int | None]]) -> set[int]:
    return {root or pk for pk, root in pairs}
