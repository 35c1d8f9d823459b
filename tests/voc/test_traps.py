"""What is hard to read: two lists of sentences with the tags that a person gave them. The second was first looked at when the tagger was done."""

from __future__ import annotations

import pytest

from tests.voc import traps
from voc.tagging import whole

ENOUGH = 0.85


@pytest.mark.parametrize("name", ["traps.txt", "traps_apart.txt"])
def test_nearly_all_traps_come_out_right(name):
    known = traps.read(name)

    faults = {trap.text: found for trap in known if (found := trap.faults(trap.said))}

    assert 1 - len(faults) / len(known) >= ENOUGH, faults


def test_there_are_enough_traps_of_each_kind():
    both = traps.read("traps.txt") + traps.read("traps_apart.txt")

    assert len({trap.text for trap in both}) == len(both) >= 150
    for kind in (
        "negation",
        "contrast",
        "two",
        "sarcasm",
        "spacing",
        "jamo",
        "typo",
        "emoji",
        "mixed",
        "score",
        "foreign",
        "severity",
    ):
        assert sum(trap.kind == kind for trap in both) >= 8, kind


def test_a_trap_can_snap():
    trap = traps.Trap("negation", "직원이 친절해요", "-1", "service- price+", "complaint", "language=en")

    assert len(trap.faults(whole(trap.text))) == 5
