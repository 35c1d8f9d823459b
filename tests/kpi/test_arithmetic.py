"""The last step of the figures, held against pandas; and columns that come back from bytes as they went in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.facts.fact import Name
from kpi.figures.arithmetic import seconds
from kpi.figures.columns import CUTS, KINDS, NEVER_US, NUMBERS, Columns
from kpi.figures.packing import pack, unpack
from kpi.figures.table import Gathering

# Some as of years, whose sort beside their group does not fit into one number.
LENGTHS_US = st.one_of(st.integers(0, 10**9), st.integers(0, 2**55), st.sampled_from((0, 1, 30_000_000)))


@given(st.lists(st.tuples(st.integers(0, 200), LENGTHS_US), max_size=60))
def test_lengths_of_time_are_what_pandas_says(told: list[tuple[int, int]]) -> None:
    group = np.array([place for place, _ in told], dtype=np.int64)
    lengths_us = np.array([length for _, length in told], dtype=np.int64)
    found = seconds(group, lengths_us)
    frame = pd.DataFrame({"group": group, "seconds": lengths_us / 1_000_000}).groupby("group")["seconds"]
    assert list(found) == sorted(set(group.tolist()))
    for place, some in frame:
        figure = found[int(place)]
        assert figure["n"] == len(some)
        for name, value in (("median", some.median()), ("p90", some.quantile(0.9)), ("mean", some.mean())):
            assert figure[f"{name}_seconds"] == pytest.approx(value, rel=1e-12, abs=1e-9), name


NUMBER = st.one_of(st.integers(0, 3), st.integers(0, 2**50), st.sampled_from((0, 255, 256, 65_535, 2**32)))
ROW = st.fixed_dictionaries(
    {
        "name": st.sampled_from(sorted(KINDS.values())),
        "until_us": st.one_of(st.just(NEVER_US), NUMBER),
        **{name: NUMBER for name in NUMBERS if name != "until_us"},
        **{cut: st.integers(0, 2) for cut in CUTS},
    }
)
VALUES: dict[str, list[Any]] = {cut: [f"{cut}{code}" for code in range(3)] for cut in CUTS}


@given(st.lists(ROW, min_size=1, max_size=40))
def test_what_was_packed_comes_back(rows: list[dict[str, int]]) -> None:
    columns = Columns({name: np.array([row[name] for row in rows], dtype=np.int64) for name in rows[0]}, VALUES)
    content = pack(columns)
    _values, parts = unpack(content, 20_000)
    assert sum(part.facts for part in parts.values()) == len(rows)
    gathering = Gathering()
    gathering.add_packed(content, 20_000)
    gathering.add_packed(content, 20_001)
    facts = gathering.facts(2**61)
    for name, code in KINDS.items():
        table = facts[Name(name)]
        some = [row for row in rows if row["name"] == code]
        for column in (*NUMBERS, *CUTS):
            assert table[column].tolist() == [row[column] for row in some] * 2
        assert table["day"].tolist() == [20_000] * len(some) + [20_001] * len(some)


def test_what_had_not_come_is_left_out() -> None:
    rows = [{"name": KINDS["nps"], "at_us": at, **dict.fromkeys((*NUMBERS[2:], "ordinal", *CUTS), 0)} for at in (5, 7)]
    columns = Columns({name: np.array([row[name] for row in rows]) for name in rows[0]}, VALUES)
    gathering = Gathering({Name.NPS})
    gathering.add_packed(pack(columns), 0)
    assert gathering.facts(6)[Name.NPS]["at_us"].tolist() == [5]
    assert len(gathering.facts(7)[Name.NPS]) == 2
    assert len(gathering.facts(7)[Name.CSAT]) == 0
