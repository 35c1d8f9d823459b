"""What a newcomer reads in the terminal once the hub runs: the address, who she can be, what to look at first."""

from __future__ import annotations

from accounts.models import Organization, Person
from channels_app.demo.organization import DOMAIN, PASSWORD

_FIRST_LOOK = (
    ("store", "매장 직원 Store staff", "ㄱ 또는 뒷자리 네 자리로 고객 찾기 · find a customer by ㄱ or four digits"),
    ("agent", "상담원 Agent", "상담함에서 대기 상담에 답하기 · answer a waiting ticket"),
    ("lead", "팀장 Lead", "누가 얼마나 기다리는지 보기 · see who waits how long"),
    ("owner", "대표 Owner", "설정: 센터, 사람, 연결 · settings: centers, people, keys"),
)


def text(address: str) -> str:
    """Return the lines to print once the hub listens at `address`. Reads the database."""
    lines = [""]
    emails = {f"{account}@{DOMAIN}" for account, _name, _look in _FIRST_LOOK}
    people = set(Person.objects.filter(email__in=emails, is_active=True).values_list("email", flat=True))
    for account, name, look in _FIRST_LOOK:
        email = f"{account}@{DOMAIN}"
        if email in people:
            lines.append(f"  {email:<22} {name} — {look}")
    if people:
        lines += [
            "",
            f"  비밀번호 Password: {PASSWORD}",
            f"  데모 쇼핑몰 Demo shop: {address}shop/ — 다른 창에서 채팅을 남겨 보세요 · write to the shop there",
        ]
    elif not Organization.objects.exists():
        lines.append(f"  처음 설정 First run: {address}welcome/")
    return "\n".join([*lines, "", "  Ctrl-C: 모두 종료 · stops everything", ""])
