"""Sentences that the tagger does in a second on one core, beside a bare model of letter groups; and the memory it takes."""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.servers import HERE
from voc.tagging import scrub, tag_many

ROUNDS = 5
_THINGS = [
    "코트",
    "셔츠",
    "원피스",
    "운동화",
    "가방",
    "냄비",
    "이불",
    "조명",
    "의자",
    "텀블러",
    "세제",
    "김치",
    "사과",
    "커피",
    "향수",
    "크림",
    "충전기",
    "키보드",
    "필름",
    "우산",
]
_SAYINGS = (
    "{} 배송이 너무 늦어요", "{} 배송빠르고굿", "{} 가격은 비싸지만 품질이 좋아서 만족합니다", "{} 사이즈가 작아서 교환하고 싶어요", "{} 재입고 언제 되나요?", "{} 디자인이 예뻐요ㅎㅎ",
    "직원분이 {} 설명을 친절하게 해주셨어요", "{} 환불 접수했는데 일주일째 연락이 없네요ㅠㅠ", "{} 두 번 썼는데 고장났어요 ㅡㅡ", "{} 포장이 꼼꼼해서 좋았습니다.", "{} 냄새가 심하고 색이 사진이랑 달라요",
    "{} 생각보다 괜찮네요 또 살게요", "{} 영수증 재발급 부탁드립니다 010-1234-5678", "{} 그냥 그래요", "매장에서 {} 찾다가 30분이나 기다렸어요", "{} 참 빠르네요 2주만에 왔어요", "앱에서 {} 결제가 자꾸 튕겨요",
    "{} 나쁘지 않아요 가성비 좋음", "{} 쿠폰이 적용되면 더 좋겠어요", "{} 완전 강추 😍",
)  # fmt: skip


def measure(*, texts: int = 5_000) -> list[Figure]:
    written = _texts(texts)
    whole, bare = _in_turns(written, tag_many, _bare)
    sentences = sum(map(len, tag_many(written)))
    speed = Figure(
        "sentences tagged in a second, one core",
        "1/s",
        sentences / whole,
        sentences / bare,
        "≥ 3,000",
        sentences / whole >= 3_000,
    )
    if not Path("/proc/self/status").exists():
        return [speed]
    megabytes, empty = _memory("from voc.tagging import tag_many; tag_many(['배송이 늦어요'] * 9)"), _memory("pass")
    return [speed, Figure("memory of a process with the tagger", "MB", megabytes, empty, "≤ 300 MB", megabytes <= 300)]


def _texts(count: int) -> list[str]:
    """Texts of one to three sentences about things with made-up names, so that no letter groups are as familiar as in a loop."""
    chance = random.Random(1)
    return [
        " ".join(
            chance.choice(_SAYINGS).format(
                "".join(chr(chance.randrange(0xAC00, 0xD7A4)) for _ in range(2)) + chance.choice(_THINGS)
            )
            for _ in range(chance.randint(1, 3))
        )
        for _ in range(count)
    ]


def _bare(texts: Sequence[str]) -> list[float]:
    """The least that is the same work: cut numbers out, add up a weight for each group of one to four letters."""
    weights: dict[str, float] = {}
    found = []
    for text in map(scrub, texts):
        groups = {text[place : place + length] for length in range(1, 5) for place in range(len(text) - length + 1)}
        found.append(sum([weights.get(group, 0.0) for group in groups]))
    return found


def _in_turns(texts: Sequence[str], *doings: Callable[[Sequence[str]], object]) -> list[float]:
    """Processor seconds of each, the median of some rounds, after one to warm up."""
    seconds: list[list[float]] = [[] for _ in doings]
    for _ in range(ROUNDS + 1):
        for place, do in enumerate(doings):
            began = time.process_time()
            do(texts)
            seconds[place].append(time.process_time() - began)
    return [statistics.median(each[1:]) for each in seconds]


def _memory(code: str) -> float:
    """The most that a new process has had at once, as its kernel tells (what getrusage tells includes the parent's)."""
    told = f"{code}\nprint(next(line for line in open('/proc/self/status') if line.startswith('VmHWM:')))"
    done = subprocess.run([sys.executable, "-c", told], cwd=HERE, capture_output=True, text=True, check=True)
    return int(done.stdout.split()[1]) / 1024
