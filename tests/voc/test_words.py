"""Words are counted by what is left when particles are taken off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voc.words import holds, rising, stems

PARTICLES = ("이", "은", "을", "도", "만", "에서", "")


def test_a_word_is_one_with_whichever_particle():
    counted = stems(["배송이 늦어요", "배송은 언제 와요", "배송 문의합니다", "택배를 받았어요", "택배가 안 와요"])
    assert counted["배송"] == 3
    assert counted["택배"] == 2
    assert not {"배송이", "배송은", "택배를", "택배가"} & set(counted)


def test_what_only_looks_like_a_particle_stays():
    counted = stems(["고양이 사료", "고양이가 귀여워요", "고양이는 좋아해요"])
    assert counted["고양이"] == 3
    assert "고양" not in counted


@pytest.mark.parametrize(
    ("said", "word"), [("지퍼가 고장", "지퍼"), ("지퍼를 교환", "지퍼"), ("상자에서 냄새가", "상자")]
)
def test_a_word_of_one_form_loses_what_can_only_be_a_particle(said: str, word: str):
    assert word in stems([said])


@pytest.mark.parametrize("aside", ["명은", "번에", "긴데", "좋은데", "보냈는데"])
def test_what_is_no_matter_is_no_word(aside: str):
    assert stems([f"불량 {aside} 불량이 또"]) == {"불량": 1}


@given(st.lists(st.sampled_from([f"배송{particle} 말이에요" for particle in PARTICLES]), min_size=2, max_size=20))
def test_however_it_is_said_each_text_counts_once(texts: list[str]):
    counted = stems(texts)
    assert sum(times for word, times in counted.items() if word.startswith("배송")) == len(texts)


def test_what_rises_stands_first_and_what_is_rare_does_not_cry():
    before = ["배송이 늦어요"] * 20 + ["색이 예뻐요"] * 20
    now = ["배송은 언제 와요"] * 20 + ["지퍼가 고장 났어요"] * 6 + ["단추가 빠졌어요"]
    told = rising(now, before)
    assert {rise.word for rise in told[:2]} == {"지퍼", "고장"}
    assert (told[0].now, told[0].before) == (6, 0)
    assert {rise.word for rise in told}.isdisjoint({"배송", "단추"})


def test_nothing_said_raises_nothing():
    assert rising([], []) == []
    assert rising([], ["배송이 늦어요"] * 10) == []


def test_a_word_is_found_again_in_its_sentences():
    assert holds("지퍼가 고장 났어요", "지퍼")
    assert not holds("배송이 늦어요", "지퍼")
