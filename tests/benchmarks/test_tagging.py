"""That the tagger's benchmark counts what it says it counts. How fast it is, is not tested."""

from benchmarks import figures, tagging


def test_sentences_and_memory_are_measured() -> None:
    found = tagging.measure(texts=20)

    assert [figure.unit for figure in found] == ["1/s", "MB"]
    assert all(figure.value > 0 and figure.denominator for figure in found)
    assert "sentences" in figures.table(found)
