"""Which language a sentence is in, by its letters. Only what is Korean, or has no letters, is judged further."""

from __future__ import annotations

import re

_HANGUL = re.compile(r"[가-힣ㄱ-ㆎᄀ-ᇿ]")
# Korean puts what it says last: customer service 최악.
_ENDS_KOREAN = re.compile(r"[가-힣][.!?~ㅋㅎㅠㅜ\s]*$")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_VIETNAMESE = re.compile(r"[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff\uff66-\uff9f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("zh", re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")),
)
_ENGLISH = re.compile(
    r"\b(?:the|is|are|was|were|and|for|you|your|this|that|it|my|not|with|of|to|in|can|how|please|very|have|has|i|we|but|good|bad)\b",
    re.IGNORECASE,
)
# English words that Koreans write by themselves, as a whole sentence.
_AT_HOME = re.compile(
    r"(?:very|so|not|too|really|fast|delivery|price|quality|design|service|love|it|cute|pretty|like|much|the|thank|you|thanks|good|bad|best|nice|great|perfect|worst|ok|okay|wow|god|job|a/?s|qr|usb|led|m|l|xl|xxl|s|[\W\d_])+",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<[^<>]{0,200}>|https?://\S+|www\.\S+|&[a-z]{2,8};")


def language_of(text: str) -> str:
    """One of `shapes.LANGUAGES`. A fifth of Hangul among the letters makes it Korean: names and brands are in Latin ones."""
    if "<" in text or "&" in text or "://" in text or "www." in text:
        text = _MARKUP.sub(" ", text)
    hangul = len(_HANGUL.findall(text))
    letters = sum(map(str.isalpha, text))
    if not letters:
        return "zxx"
    if hangul * 5 >= letters or (hangul and _ENDS_KOREAN.search(text) and not _ENGLISH.search(text)):
        return "ko"
    for language, script in _SCRIPTS:
        if 2 * len(script.findall(text)) >= letters - len(_HANGUL.findall(text)) or (
            language == "ja" and script.search(text)
        ):
            return language
    return _of_latin(text, letters)


def _of_latin(text: str, letters: int) -> str:
    if 2 * len(_LATIN.findall(text)) < letters:
        return "vi" if _VIETNAMESE.search(text) else "und"
    if len(text) <= 24 and _AT_HOME.fullmatch(text):
        return "ko"
    if _VIETNAMESE.search(text):
        return "vi"
    return "en" if _ENGLISH.search(text) else "und"
