"""Plays what comes up at the counter: somebody is served, or raises a matter that the center takes on."""

from __future__ import annotations

from random import Random

from channels_app.demo.organization import clerk_of
from channels_app.demo.scenes import Encounter, Played, Scene


def play_inquiry(rng: Random, encounter: Encounter) -> Played:
    """Raised at the counter: the shop writes it down, the center takes it, notes what was done, resolves."""
    scene = Scene(rng, encounter)
    first, *answers = encounter.dialogue.lines
    scene.writer.add(
        "store.inquiry",
        scene.clock,
        customer=encounter.shown,
        store=encounter.matter.store,
        staff=clerk_of(encounter.matter.store).email,
        text=scene.words_of(first),
    )
    scene.writer.add("ticket.assigned", scene.work((60, 1500)), agent=scene.agent.email)
    for line in answers:
        scene.writer.add("note.added", scene.work((120, 2400)), agent=scene.agent.email, text=scene.words_of(line))
    scene.note()
    scene.resolve((60, 5400))
    return Played(scene.writer.events, scene.clock)
