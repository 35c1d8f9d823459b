"""How well the tagger does, in the figures that people compare: accuracy, F1, and a table of what was taken for what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Binary:
    """Counts of (label, judged) with −1 and +1; 0 judged is wrong either way."""

    counts: Mapping[tuple[int, int], int]

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int]]) -> Binary:
        return cls(Counter(pairs))

    @property
    def accuracy(self) -> float:
        return sum(count for (label, judged), count in self.counts.items() if label == judged) / sum(
            self.counts.values()
        )

    def table(self) -> str:
        lines = [f"{'label':>8}{'judged −1':>12}{'judged 0':>12}{'judged +1':>12}"]
        lines += [
            f"{label:>+8d}" + "".join(f"{self.counts.get((label, judged), 0):>12}" for judged in (-1, 0, 1))
            for label in (-1, 1)
        ]
        return "\n".join([*lines, f"accuracy {self.accuracy:.4f}"])


def micro_f1(right: Sequence[frozenset[str]], said: Sequence[frozenset[str]]) -> float:
    """Of sets of topics: all decisions counted alike."""
    both = sum(len(a & b) for a, b in zip(right, said, strict=True))
    return 2 * both / max(sum(map(len, right)) + sum(map(len, said)), 1)


def macro_f1(pairs: Sequence[tuple[str, str]], classes: Sequence[str]) -> float:
    """Of (right, said): the mean of each class's F1, over classes that occur in either."""
    found = []
    for each in classes:
        both = sum(right == said == each for right, said in pairs)
        either = sum(right == each for right, _ in pairs) + sum(said == each for _, said in pairs)
        if either:
            found.append(2 * both / either)
    return sum(found) / max(len(found), 1)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A review's row and its topics with −1 or 1, as a reader labelled them."""

    row: int
    topics: dict[str, int]


def read_labels(path: Path) -> list[Labelled]:
    """A line for each review: its row, then each topic with + or −; raises ValueError for another form."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            row, *topics = line.split()
            if not all(topic[-1] in "+-" for topic in topics):
                raise ValueError(f"{path.name}: {line}")
            found.append(Labelled(int(row), {topic[:-1]: 1 if topic[-1] == "+" else -1 for topic in topics}))
    return found
