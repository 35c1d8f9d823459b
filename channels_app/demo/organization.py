"""Who and what the invented shop is: centers, stores, people, topics. Data only; `manage.py demo` creates it."""

from __future__ import annotations

from dataclasses import dataclass

SLUG = "haneul"
NAME = "하늘상회"
PASSWORD = "haneul-demo-2026"  # noqa: S105 - printed for every newcomer
DOMAIN = "haneul.example"

KAKAO_ACCOUNT = "kakao:@haneul"

Week = dict[str, list[tuple[str, str]]]

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")


@dataclass(frozen=True, slots=True)
class CenterPlan:
    """One team that answers. `number` is what customers dial: no Korean exchange begins with 0."""

    slug: str
    name: str
    number: str
    hours: Week


@dataclass(frozen=True, slots=True)
class StorePlan:
    slug: str
    name: str
    center: str
    sales_a_day: int
    receipt_letter: str


@dataclass(frozen=True, slots=True)
class Staff:
    """One of the dozen. `role` is a value of accounts.models.Role."""

    account: str
    name: str
    role: str
    centers: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        return f"{self.account}@{DOMAIN}"


CENTERS = (
    CenterPlan(
        "seoul",
        "서울 고객센터",
        "02-000-0100",
        {day: [("09:00", "12:00"), ("13:00", "18:00")] for day in _WEEKDAYS}
        | {"sat": [("10:00", "16:00")], "sun": [("10:00", "16:00")]},
    ),
    CenterPlan(
        "busan",
        "부산 고객센터",
        "051-000-0100",
        {day: [("10:00", "12:30"), ("13:30", "19:00")] for day in _WEEKDAYS} | {"sat": [("10:00", "14:00")]},
    ),
)

STORES = (
    StorePlan("gangnam", "강남점", "seoul", 44, "G"),
    StorePlan("hongdae", "홍대점", "seoul", 38, "H"),
    StorePlan("haeundae", "해운대점", "busan", 33, "B"),
)

STAFF = (
    Staff("owner", "하도윤", "owner", ("seoul", "busan"), ("gangnam", "hongdae", "haeundae")),
    Staff("lead", "문지원", "lead", ("seoul",)),
    Staff("agent", "이가은", "agent", ("seoul",)),
    Staff("jw.park", "박정우", "agent", ("seoul",)),
    Staff("sh.choi", "최서희", "agent", ("seoul",)),
    Staff("ym.jang", "장유민", "agent", ("seoul",)),
    Staff("hj.bae", "배현주", "lead", ("busan",)),
    Staff("dh.seo", "서동하", "agent", ("busan",)),
    Staff("nr.kwon", "권나라", "agent", ("busan",)),
    Staff("store", "정다은", "store_staff", ("seoul",), ("gangnam",)),
    Staff("ks.oh", "오경수", "store_staff", ("seoul",), ("hongdae",)),
    Staff("mj.hwang", "황미정", "store_staff", ("busan",), ("haeundae",)),
)

TOPICS = (
    ("delivery", "배송"),
    ("exchange", "교환·반품"),
    ("refund", "환불"),
    ("product", "상품"),
    ("stock", "재고"),
    ("points", "적립"),
    ("payment", "결제"),
    ("store", "매장"),
    ("praise", "칭찬"),
    ("etc", "기타"),
)


@dataclass(frozen=True, slots=True)
class Routed:
    """A center that gives its tickets out. `mode` is one of tickets.routing.Mode, `topics` go by e-mail."""

    center: str
    mode: str
    chat_limit: int
    topics: dict[str, tuple[str, ...]]


ROUTED = (
    Routed(
        "busan",
        "least_loaded",
        4,
        {f"dh.seo@{DOMAIN}": ("exchange", "refund"), f"nr.kwon@{DOMAIN}": ("delivery", "stock")},
    ),
)

BROADCAST = "롱패딩 입고가 이틀 늦어졌어요. 문의가 오면 사과드리고 새 도착일을 안내해 주세요."

LOG_INS = tuple(person for person in STAFF if person.account in {"owner", "lead", "agent", "store"})


def center_plan(slug: str) -> CenterPlan:
    return next(plan for plan in CENTERS if plan.slug == slug)


def store_plan(slug: str) -> StorePlan:
    return next(plan for plan in STORES if plan.slug == slug)


def agents_of(center: str) -> tuple[Staff, ...]:
    """Those who take calls and chats there: agents, in a fixed order."""
    return tuple(person for person in STAFF if person.role == "agent" and center in person.centers)


def clerk_of(store: str) -> Staff:
    return next(person for person in STAFF if person.role == "store_staff" and store in person.stores)
