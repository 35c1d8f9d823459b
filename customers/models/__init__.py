from customers.models.customer import Customer
from customers.models.event import Event, Thread
from customers.models.identity import Claim, Confirmation, ContestedIdentity, Identity
from customers.models.merge import Merge, MergeSuggestion
from customers.models.promise import Promise, PromiseStep

__all__ = [
    "Claim",
    "Confirmation",
    "ContestedIdentity",
    "Customer",
    "Event",
    "Identity",
    "Merge",
    "MergeSuggestion",
    "Promise",
    "PromiseStep",
    "Thread",
]
