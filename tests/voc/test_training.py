"""Training: the same model from the same reviews, nothing on both sides of a line, and a file that is numbers only."""

from __future__ import annotations

import io
import json
import random
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from voc.tagging import VERSION, figures, fitting, model, training

GOOD = ["배송이 빨라요", "품질이 좋아요", "직원이 친절해요", "가격이 저렴해요", "디자인이 예뻐요"]
BAD = ["배송이 늦어요", "품질이 별로예요", "직원이 불친절해요", "가격이 비싸요", "디자인이 촌스러워요"]


def texts(count: int, seed: int) -> list[tuple[str, int]]:
    """Made-up reviews about made-up things."""
    chance = random.Random(seed)
    things = ["".join(chr(chance.randrange(0xAC00, 0xD7A4)) for _ in range(6)) for _ in range(count)]
    return [
        (f"{thing} {chance.choice(GOOD if number % 2 else BAD)}", number % 2) for number, thing in enumerate(things)
    ]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    reviews, films = tmp_path / "reviews.csv", tmp_path / "films.tsv"
    rows = texts(80, seed=3)
    reviews.write_text("text,positive\n" + "".join(f'"{text}",{label}\n' for text, label in rows), encoding="utf-8-sig")
    lines = [f'{number}\t"{text}\t{label}\t1\n' for number, (text, label) in enumerate(texts(60, seed=4))]
    films.write_text("id\tdocument\tlabel\trating\n" + "".join(lines), encoding="utf-8")
    return reviews, films


def trained(files: tuple[Path, Path], output: Path) -> str:
    out = io.StringIO()
    reviews, films = files
    call_command(
        "train_voc",
        reviews=reviews and Path(reviews),
        films=Path(films),
        output=output,
        stdout=out,
        stderr=io.StringIO(),
    )
    return out.getvalue()


def test_the_same_reviews_give_the_same_file(files, tmp_path):
    told = trained(files, tmp_path / "a.model")
    trained(files, tmp_path / "b.model")

    assert (tmp_path / "a.model").read_bytes() == (tmp_path / "b.model").read_bytes()
    assert "accuracy" in told
    assert model.read(tmp_path / "a.model").about["trained_on"].endswith("60 film reviews")


def test_what_is_kept_apart_is_scored_and_not_trained_on(files, tmp_path):
    reviews = training.grouped(training.seen(training.read_reviews(files[0])))
    apart = sum(review.apart for review in reviews)
    labels = tmp_path / "topics.txt"
    labels.write_text("# a comment\n1 delivery- quality+\n2\n", encoding="utf-8")
    out = io.StringIO()

    trained(files, tmp_path / "a.model")
    call_command("score_voc", reviews=files[0], topics=[labels], worst=3, stdout=out)

    assert 0 < apart < len(reviews) / 2
    assert model.read(tmp_path / "a.model").about["kept_apart"] == f"{apart} shopping reviews"
    assert f"{apart} reviews kept apart" in out.getvalue()
    assert "topics of 2 reviews" in out.getvalue()


def test_near_duplicates_stay_together():
    twins = [
        f"이 {word} 코트는 정말 따뜻하고 가벼워서 매일 입고 다녀요 추천합니다"
        for word in ("겨울", "겨울용", "겨울!!", "")
    ]
    rows = [*enumerate([*twins, "배송이 늦어요", "환불해 주세요", "색이 예뻐요"], 1)]

    found = training.grouped(training.seen([(row, text, 1) for row, text in rows]))

    assert len({review.key for review in found[:4]}) == 1
    assert len({review.key for review in found}) == 4
    assert len({(review.fold, review.apart) for review in found[:4]}) == 1


def test_files_that_are_none_are_refused(tmp_path):
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n", encoding="utf-8")

    with pytest.raises(CommandError, match="cannot be read"):
        call_command("train_voc", reviews=wrong, films=wrong)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("score_voc", reviews=tmp_path / "none.csv")


def test_the_model_that_ships_is_small_and_holds_no_words():
    data = model.FILE.read_bytes()
    head = json.loads(data.partition(b"\n")[0])

    assert len(data) < 5_000_000
    assert head.keys() == {"card", "cross_validated_accuracy", "kept_apart", "slope", "step", "trained_on"}
    assert data.partition(b"\n")[0].isascii()
    assert VERSION.count("-") == 2


def test_a_model_of_another_size_is_refused(tmp_path):
    path = tmp_path / "small.model"
    model.write(path, [0.5] * 8, slope=1.0, about={})

    with pytest.raises(ValueError, match="train it again"):
        model.read(path)


def test_fitting_finds_what_tells_two_classes_apart():
    chance = random.Random(7)
    examples = [fitting.Example([*chance.sample(range(10, 60), 5), label + 1], label, 1.0) for label in [-1, 1] * 60]

    weights = fitting.fit(examples, 64)

    assert weights[2] > 0 > weights[0]
    assert all((sum(weights[number] for number in each.numbers) > 0) == (each.label > 0) for each in examples)


def test_figures_are_what_they_are_called():
    right = [frozenset("ab"), frozenset("a"), frozenset()]

    assert figures.micro_f1(right, right) == 1
    assert figures.micro_f1(right, [frozenset("a"), frozenset("b"), frozenset("c")]) == pytest.approx(2 * 1 / 6)
    assert figures.macro_f1([("1", "1"), ("1", "-1"), ("-1", "-1")], ["-1", "1"]) == pytest.approx(2 / 3)
    assert figures.Binary(Counter({(1, 1): 3, (-1, 1): 1, (1, 0): 1})).accuracy == pytest.approx(0.6)
