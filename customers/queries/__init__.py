from customers.queries.claims import Possibility, claims_for
from customers.queries.history import history_of, member_ids
from customers.queries.lookup import Found, find_customers_for, recent_customers_for
from customers.queries.lookup_terms import Kind
from customers.queries.profiles import (
    Profile,
    ShownIdentity,
    customer_for,
    identity_label,
    profile_for,
    profiles_for,
    public_root_ids,
)
from customers.queries.promises import ShownPromise, promises_for
from customers.queries.purchases import Purchase, purchases_for
from customers.queries.sentences import sentence_of
from customers.queries.timeline import CHANNELS, BadCursor, Entry, HistoryPage, agent_names, history_for
from customers.queries.wording import Sentence, Wording

__all__ = [
    "CHANNELS",
    "BadCursor",
    "Entry",
    "Found",
    "HistoryPage",
    "Kind",
    "Possibility",
    "Profile",
    "Purchase",
    "Sentence",
    "ShownIdentity",
    "ShownPromise",
    "Wording",
    "agent_names",
    "claims_for",
    "customer_for",
    "find_customers_for",
    "history_for",
    "history_of",
    "identity_label",
    "member_ids",
    "profile_for",
    "profiles_for",
    "promises_for",
    "public_root_ids",
    "purchases_for",
    "recent_customers_for",
    "sentence_of",
]
