"""From what an event says about a customer to the identities that tell her apart (EVENTS.md, rules 5 and 6).

Refuses what is neither an identity nor known not to be one. Looks nobody up.
"""

from __future__ import annotations

from channels_app.event_shapes import Identities, NamedCustomer
from channels_app.problems import Problem, Refused, shorten
from customers.email_addresses import is_masked_email, normal_email
from customers.incoming import STRENGTH, IdentityKey, IncomingEvent
from customers.names import tidy_name
from customers.phone_numbers import PhoneKind, parse_phone


def take_customer(customer: NamedCustomer, event: IncomingEvent) -> None:
    """Sets the event's name, `verified`, identities and claims. Raises `Refused` naming the field."""
    if customer.name and "*" not in customer.name:  # 홍*동 is nobody's name and must not replace one
        event.name = tidy_name(customer.name)
    event.verified = customer.verified
    proven_by_channel = _external(customer, "data.customer")
    told = _told(customer, "data.customer")
    if customer.verified:
        event.identities = _by_strength(told + proven_by_channel)
    else:
        event.identities, event.claims = proven_by_channel, told


def identities_of(named: Identities, path: str) -> tuple[IdentityKey, ...]:
    """All that identifies, strongest first; empty where nothing does. Raises `Refused` naming the field."""
    return _by_strength(_told(named, path) + _external(named, path))


def take_claimed(named: Identities, path: str) -> tuple[IdentityKey, ...]:
    """Member number, phone and mail: what can be claimed, and so confirmed."""
    return _told(named, path)


def agent_email(value: str, path: str) -> str:
    """An agent's e-mail in lower case. Raises `Refused`."""
    address = normal_email(value)
    if not address:
        raise Refused(Problem("invalid-email", path, "email", received=shorten(value)))
    return address


def _told(named: Identities, path: str) -> tuple[IdentityKey, ...]:
    found = []
    if named.member_no and (member_no := named.member_no.strip()):
        found.append(IdentityKey("member_no", "", member_no))
    if named.phone:
        phone = parse_phone(named.phone)
        if phone.e164:
            found.append(IdentityKey("phone", "", phone.e164))
        elif phone.kind is PhoneKind.INVALID:
            raise Refused(Problem("invalid-phone", path + ".phone", "phone", received=shorten(named.phone)))
    if named.email and (typed := named.email.strip()):
        address = normal_email(typed)
        if not address:
            raise Refused(Problem("invalid-email", path + ".email", "email", received=shorten(typed)))
        if not is_masked_email(address):
            found.append(IdentityKey("email", "", address))
    return tuple(found)


def _external(named: Identities, path: str) -> tuple[IdentityKey, ...]:
    if not named.external:
        return ()
    found = set()
    for account, value in named.external.items():
        if not (tidy_account := account.strip()):
            raise Refused(
                Problem("invalid-field", path + ".external", "text_between", {"min": 1, "max": 120}, shorten(account))
            )
        if tidy_value := value.strip():
            found.add(IdentityKey("external", tidy_account, tidy_value))
    return tuple(sorted(found))


def _by_strength(keys: tuple[IdentityKey, ...]) -> tuple[IdentityKey, ...]:
    return keys if len(keys) < 2 else tuple(sorted(keys, key=lambda key: (STRENGTH[key.kind], key)))
