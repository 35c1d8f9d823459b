"""Sentences and their places: any text at all, composed or not, with numbers that nobody may see again."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from voc.tagging import ACTS, LANGUAGES, SEVERITIES, scrub, tag, tag_many, whole

PIECES = (
    "배송이 늦어요", "배송빠르고굿", "ㅠㅠ", "ㅋㅋㅋ", ".", "!!", "?", "\n", " ", "  ", "😡", "❤️", "👍🏽", "3.5점", "https://a.kr/b", "<b>", "&lt;", "good", "환불해 주세요",
    "각", "é", "없이 ", "지 않아요", "그런데 ", "2주만에", "참 빠르네요", "ㅅㅂ", "\u200b", "\ufeff", "\x00", "\ud800", "010-1234-5678", "…", "•",
)  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=25).map("".join)
NUMBERS = (
    "010-1234-5678", "01012345678", "010 1234 5678", "+82 10-1234-5678", "02-123-4567", "900101-1234567", "9001011234567", "1234-5678-9012-3456",
    "1234567890123456", "110-234-567890", "１２３４-５６７８-９０１２", "010.1234.5678", "(010)1234-5678", "010-****-5678", "900101-1******", "공일공 일이삼사 오육칠팔", "kim@shop.example",
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
@example(text="가격이 비싸요 배송은 빨라요")
@example(text=unicodedata.normalize("NFD", "배송이 늦어요ㅠㅠ 010-1234-5678 품질은 좋아요."))
def test_places_point_at_what_they_claim(text):
    clean, end = scrub(text), 0
    sentences = tag(text)

    for sentence in sentences:
        assert end <= sentence.start < sentence.end <= len(text)
        assert not text[end : sentence.start].strip()
        assert sentence.text == clean[sentence.start : sentence.end]
        assert sentence.language in LANGUAGES
        assert sentence.act in ACTS
        assert sentence.severity in SEVERITIES
        assert sentence.sentiment in (-1, 0, 1)
        assert 0 <= sentence.confidence <= 1
        end = sentence.end
    assert not text[end:].strip()
    assert tag_many([text, text]) == [sentences, sentences]
    assert whole(text).sentiment in (-1, 0, 1)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    "around", ["{}", "제 번호는 {}입니다", "배송 문의요.{}로 전화 주세요", "카드({})가 안 돼요\n왜죠", "{} {}"]
)
def test_no_part_of_a_personal_number_is_seen_again(number, around):
    text = around.format(number, number)

    clean = scrub(text)

    assert len(clean) == len(text)
    assert number not in clean
    assert not any(letter.isdigit() or letter == "@" for letter in clean)
    assert all(number not in sentence.text for sentence in tag(text))


@settings(max_examples=200, deadline=None)
@given(before=TEXTS, number=st.sampled_from(NUMBERS), after=TEXTS)
def test_a_personal_number_is_found_in_any_text(before, number, after):
    text = f"{before} {number} {after}"

    assert len(scrub(text)) == len(text)
    assert (
        number not in "".join(sentence.text for sentence in tag(text)).replace(" ", "\0")
        or number in before
        or number in after
    )


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-26 14시에 갔어요",
        "2026.11.26에 샀어요",
        "1,250,000원이나 해요",
        "2주 3일 걸렸어요",
        "1588 고객센터",
        "100% 30cm 2+1",
    ],
)
def test_dates_and_amounts_stay(text):
    assert scrub(text) == text


def test_decomposed_hangul_is_read_as_composed():
    composed = "직원분이 불친절하지 않아요. 가격은 비싸요"
    apart = unicodedata.normalize("NFD", composed)

    read, of_apart = tag(composed), tag(apart)

    assert [(one.sentiment, one.topics, one.act) for one in read] == [
        (one.sentiment, one.topics, one.act) for one in of_apart
    ]
    assert [unicodedata.normalize("NFC", one.text) for one in of_apart] == [one.text for one in read]


@pytest.mark.parametrize(
    "piece",
    [
        "배송이 너무 늦어요 그래도 품질은 좋아요. ",
        "좋",
        "ㅋ",
        "<",
        "1 ",
        "지만",
        "하나도",
        "a",
        "😡",
        "가\u0301",
        "010-1234-",
        "고고",
        "없",
        "시",
        "@a.",
        "2주만에 ",
    ],
)
def test_a_hundred_thousand_letters_are_tagged_like_few(piece):
    text = (piece * (100_000 // len(piece) + 1))[:100_000]

    sentences = tag(text)

    assert len(sentences) >= 100
    assert max(sentence.end - sentence.start for sentence in sentences) <= 400


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("배송 빨라요 품질은 별로예요", ["배송 빨라요", "품질은 별로예요"]),
        ("가격이 비싸다 그래도 만족한다", ["가격이 비싸다", "그래도 만족한다"]),
        ("배송 빠름. 가격 좋음", ["배송 빠름.", "가격 좋음"]),
        ("품질 별로임 디자인은 예쁨", ["품질 별로임", "디자인은 예쁨"]),
        ("너무 좋아요ㅠㅠ배송도 빨라요", ["너무 좋아요ㅠㅠ", "배송도 빨라요"]),
        ("좋아요😍 또 살게요", ["좋아요😍", "또 살게요"]),
        ("배송이 ㅠㅠ 너무 늦어요", ["배송이 ㅠㅠ 너무 늦어요"]),
        ("품질이좋습니다가격도좋아요", ["품질이좋습니다", "가격도좋아요"]),
        ("좋습니다만 비싸요", ["좋습니다만 비싸요"]),
        ("3.5점 드립니다", ["3.5점 드립니다"]),
        ("꼭 필요 없는 기능 다 뺐으면", ["꼭 필요 없는 기능 다 뺐으면"]),
        ("다음 주에 처음 가요", ["다음 주에 처음 가요"]),
        ("환불해 주세요!! 언제 되나요?", ["환불해 주세요!!", "언제 되나요?"]),
        ("첫 줄\n\n둘째 줄", ["첫 줄", "둘째 줄"]),
    ],
)
def test_sentences_end_where_people_end_them(text, parts):
    assert [sentence.text for sentence in tag(text)] == parts


def test_nothing_is_nothing():
    assert tag("") == tag(" \n\t") == []
    assert whole("").sentiment == 0
