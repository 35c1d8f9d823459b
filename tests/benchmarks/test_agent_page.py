"""The list of the benchmark's page asks when static/js/inbox-list.js would; that one has its own tests in a browser."""

from typing import Any

from benchmarks.agent_page import _List


def hint(ticket: str, standing: str = "s") -> dict[str, Any]:
    return {"ticket": ticket, "standing": standing}


def drawn(*tickets: str) -> str:
    rows = "".join(f'<li data-row="{ticket}" data-order="{ticket}">' for ticket in tickets)
    return f'{rows}<span data-rows-end="z"></span>'


def shown(*tickets: str) -> _List:
    made = _List()
    assert made.ask().startswith("size=")
    made.take(drawn(*tickets))
    assert made.missed() == []
    return made


def test_talk_elsewhere_is_fetched_once():
    mine = shown("a", "b")
    assert mine.concerns(hint("y"))
    assert mine.ask() == "only=y"
    assert not mine.concerns(hint("y"))
    mine.take("")
    assert mine.missed() == []
    assert not mine.concerns(hint("y"))
    assert mine.concerns(hint("y", "t"))


def test_what_rows_on_their_way_bring_is_fetched_again():
    mine = shown("a", "b")
    mine.concerns(hint("c"))
    mine.ask()
    assert not mine.concerns(hint("c"))
    mine.take(drawn("c"))
    assert mine.missed() == [hint("c")]


def test_an_old_list_is_fetched_whole_with_the_next_hint():
    mine = shown("a", "b")
    mine.standings["y"] = "s"
    mine.whole_at -= 31
    assert mine.concerns(hint("y"))
    assert mine.ask().startswith("size=")
