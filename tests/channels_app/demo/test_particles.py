"""Particles after Hangul, digits and Latin letters."""

from __future__ import annotations

import pytest

from channels_app.demo.particles import Word


@pytest.mark.parametrize(
    ("word", "spec", "told"),
    [
        ("울 코트", "이/가", "울 코트가"),
        ("가디건", "을/를", "가디건을"),
        ("서울", "으로/로", "서울로"),
        ("강남점", "으로/로", "강남점으로"),
        ("M", "으로/로", "M으로"),
        ("L", "으로/로", "L로"),
        ("S", "이에요/예요", "S예요"),
        ("32", "으로/로", "32로"),
        ("30", "으로/로", "30으로"),
        ("울 코트 (카멜)", "은/는", "울 코트 (카멜)은"),
    ],
)
def test_particle_follows_how_the_word_ends(word: str, spec: str, told: str) -> None:
    assert f"{Word(word):{spec}}" == told


def test_without_a_particle_the_word_stands_alone() -> None:
    assert f"{Word('코트')}" == "코트"
