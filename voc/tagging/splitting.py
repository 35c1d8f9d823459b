"""Cuts a text into sentences as Koreans type them: without full stops, run together, ending in ㅠㅠ, ㅋㅋ or a picture."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Nobody says a sentence longer than this: text without any end is cut at a space, so that the work stays bounded.
LONGEST = 400

_EMOJI = "\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff"
_LAST = "요용욤염여다음임함네죠쥬까어아해지야져됨슴듯굿굳당닷삼듬"  # the last syllable of what may be a whole sentence
_LAUGHTER = rf"(?:[ㅠㅜㅋㅎㅡ]{{1,}}|\^+[_.oㅇ]?\^+|;{{2,}}|:\)|[{_EMOJI}\ufe0f\u200d]+)"
_END = re.compile(
    r"[\r\n\u2028\u2029]+"
    # Marks before a space; marks between syllables where no space was typed (not 3.5, not www.shop.kr).
    r"|[.!?。！？…~∼♡♥]+[)\"'”’\]]*(?=\s|$)"
    r"|(?<=[가-힣ㄱ-ㅣ)])[.!?。！？…]+(?=[가-힣ㄱ-ㅣ(\"'“])"
    rf"|(?<=[{_LAST}])[~∼♡♥]+(?=[가-힣])"
    # Laughter, tears and pictures close a sentence only after what can end one: `배송이 ㅠㅠ 늦어요` is one sentence.
    rf"|(?<=[{_LAST}])[.!?~]*[ ]?{_LAUGHTER}(?:[ ]?{_LAUGHTER})*[.!?~]*"
    # Polite endings with the next word glued on, unless what follows belongs to them (습니다만, 어요라고).
    r"|(?:습니다|입니다|합니다|됩니다|네요|아요|어요|해요|세요|에요|예요|군요|워요|려요|빨라요|죠)(?=[가-힣]{2})"
    r"(?!만|라고|라는|라며|라니|라서|란|고요|라구)"
    # A syllable that may end a sentence, before a space: the word says whether it does.
    r"|(?<=[가-힣])[요용욤염다음임함됨름림죠쥬까네여굿굳당](?=\s)"
)
_POLITE = re.compile(r"[가-힣](?:요|용|욤|염|죠|쥬|니다|니당|슴다|습니까|ㅂ니까|나여|네여|어여|아여|해여)$")
_NOT_POLITE = re.compile(r"(?:필|중|주|수|개|소|긴|고|동|가)요$|^요$")
_NOMINAL = re.compile(
    r"(?:좋|없|있|같|았|었|했|겠|많|적|싶|늦|괜찮|않|높|낮|작|짧|맞)음$|(?:별로|최고|정도|그닥|제품|상품)임$|[가-힣]{2,}(?:됨|빠름|느림)$|(?:추천|만족|실망|불편|친절|불친절|튼튼|저렴|편|훌륭|깔끔|약|강|비추|불만족|필요)함$"
)
# Of verbs and adjectives without a final consonant these alone: 하다 보니, 쓰다 말고 go on.
_PLAIN = re.compile(
    r"(?:비싸|싸|크|예쁘|이쁘|느리|빠르|나쁘|아니|별로|최고|아프|친절하|불친절하|편하|불편하|깔끔하|저렴하|훌륭하|만족하|실망이|최악이)다$"
)
_SHORT = re.compile(r"(?:빠르|좋|크|느리|싸|예쁘|이쁘|맛있|늦|없|있|하|되|별로|최고|괜찮|많|작)네$|굿+$|굳+$")
# The last consonant of the syllable before 다 in a finished verb: 한다, 많다, 없다, 했다, 같다, 싶다, 좋다.
_BEFORE_DA = frozenset((4, 6, 18, 20, 22, 25, 26, 27))


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence, in order, without the space around it; nothing for blank stretches."""
    start = 0
    for found in _END.finditer(text):
        end = found.end()
        if end - found.start() == 1 and "가" <= text[end - 1] <= "힣" and not _ends(_word_before(text, start, end)):
            continue
        yield from _trimmed(text, start, end)
        start = end
    yield from _trimmed(text, start, len(text))


def _word_before(text: str, start: int, end: int) -> str:
    return text[max(start, end - 12) : end].split()[-1]


def _ends(word: str) -> bool:
    """Whether a word before a space ends its sentence."""
    if len(word) < 2:
        return False
    if _POLITE.search(word):
        return not _NOT_POLITE.search(word)
    if word[-1] == "다":
        code = ord(word[-2]) - 0xAC00
        return (0 <= code < 11172 and code % 28 in _BEFORE_DA) or bool(_PLAIN.search(word))
    return bool(_NOMINAL.search(word) or _SHORT.search(word))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = min(end, start + LONGEST)
        if stop < end:
            stop = max(text.rfind(" ", start, stop) + 1, start + LONGEST // 2)
        piece = text[start:stop]
        if stripped := piece.strip():
            lead = len(piece) - len(piece.lstrip())
            yield start + lead, start + lead + len(stripped)
        start = stop
