"""The customers of the invented shop: names, numbers that belong to nobody, habits, and how each shows herself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Any

from channels_app.demo.names import foreign_name, korean_name
from channels_app.demo.organization import DOMAIN, KAKAO_ACCOUNT, STORES, store_plan

# The web widget's channel account: the visitor's id in the browser.
WEB_ACCOUNT = "web:haneul"

MANNERS = ("polite", "polite", "plain", "plain", "casual", "casual", "hasty")

# Digits that several people share on purpose, so that a look-up by four digits shows a short list.
HEROINE_LAST4 = "5678"


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who shops. An empty field is an identity that she does not have, or never showed."""

    number: int
    name: str
    phone: str = ""
    member_no: str = ""
    email: str = ""
    kakao: str = ""
    visitor: str = ""
    store: str = "gangnam"
    manner: str = "plain"
    zeal: float = 1.0
    family_name: str = ""

    @property
    def center(self) -> str:
        return store_plan(self.store).center

    @property
    def last4(self) -> str:
        return self.phone[-4:]

    def at_till(self) -> dict[str, Any]:
        """Everything the till knows. Always all of it: two halves of one person shown apart would meet as strangers."""
        proof = {"phone": self.phone, "member_no": self.member_no, "email": self.email, "name": self.name}
        return {key: value for key, value in proof.items() if value}

    def by_phone(self) -> dict[str, Any]:
        return {"phone": self.phone}

    def by_mail(self) -> dict[str, Any]:
        return {"email": self.email, "name": self.name}

    def by_kakao(self) -> dict[str, Any]:
        """A linked account brings the number along; the messenger itself gives only a nickname."""
        shown: dict[str, Any] = {"external": {KAKAO_ACCOUNT: self.kakao}, "name": self.name}
        return shown | ({"phone": self.phone} if self.phone else {})

    def on_web(self) -> dict[str, Any]:
        """Logged in at the shop's site, whose server signs for her; else only the browser's id."""
        shown: dict[str, Any] = {"external": {WEB_ACCOUNT: self.visitor}}
        if self.member_no:
            shown |= {"member_no": self.member_no, "phone": self.phone, "name": self.name}
        return shown

    def on_web_claiming(self) -> dict[str, Any]:
        """Not logged in: she typed her name and number, which proves nothing."""
        typed = {"name": self.name, "phone": self.phone}
        return {"external": {WEB_ACCOUNT: self.visitor}, "verified": False} | typed


HEROINE = Customer(
    number=0,
    name="김서연",
    phone="010-0123-5678",
    member_no="M-1001",
    email=f"seoyeon.kim@{DOMAIN}",
    visitor="v-seoyeon",
    kakao="k-seoyeon",
    store="gangnam",
    manner="polite",
    zeal=0.0,
)


def make_customers(rng: Random, count: int) -> list[Customer]:
    """So many invented customers, the heroine of the README first; then members, passers-by and web visitors.

    Seven in ten are members, a fifth give only a number, the rest are known to a browser or a messenger alone.
    """
    numbers = _numbers(rng)
    return [HEROINE, *(_customer(rng, number, numbers) for number in range(1, count))]


def _numbers(rng: Random) -> list[str]:
    """Unused numbers, last to be taken last. Nobody has them: Korean mobile numbers never begin with 010-0."""
    endings = [f"{rng.randrange(10_000):04d}" for _ in range(20_000)]
    # Three more people whose number ends like the heroine's.
    for place in (-5, -60, -400):
        endings[place] = HEROINE_LAST4
    middles = rng.sample(range(130, 1000), 800)
    return [f"010-0{middles[i % 800]:03d}-{ending}" for i, ending in enumerate(endings)]


def _customer(rng: Random, number: int, numbers: list[str]) -> Customer:
    store = rng.choices([plan.slug for plan in STORES], [plan.sales_a_day for plan in STORES])[0]
    name = foreign_name(rng) if rng.random() < 0.004 else korean_name(rng)
    # Few come often: the tail of regulars that every shop has.
    zeal = min(rng.paretovariate(1.6), 14.0)
    someone = Customer(number, name, store=store, manner=rng.choice(MANNERS), zeal=zeal)
    kind = rng.random()
    if kind < 0.70:
        member = replace(
            someone,
            phone=numbers.pop(),
            member_no=f"M-{1001 + number}",
            email=f"{_mail_name(rng, number)}@example.com" if rng.random() < 0.45 else "",
            kakao=_token(rng, "k") if rng.random() < 0.3 else "",
            visitor=_token(rng, "v") if rng.random() < 0.4 else "",
        )
        # One in thirty collects points together with a relative: another name at the till, the same number.
        return replace(member, family_name=name[0] + korean_name(rng)[1:]) if rng.random() < 1 / 30 else member
    if kind < 0.90:
        return replace(someone, phone=numbers.pop(), visitor=_token(rng, "v") if rng.random() < 0.2 else "")
    if kind < 0.96:
        return replace(someone, visitor=_token(rng, "v"), zeal=0.0)
    return replace(someone, kakao=_token(rng, "k"), zeal=0.0)


_MAIL_WORDS = "sunny blue river dodo mint bori moon haru cloud maru toto dubu nabi somi kiki latte vivi roro"


def _mail_name(rng: Random, number: int) -> str:
    return f"{''.join(rng.choices(_MAIL_WORDS.split(), k=2))}{number}"


def _token(rng: Random, prefix: str) -> str:
    return f"{prefix}-{rng.getrandbits(48):012x}"
