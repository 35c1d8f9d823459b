"""Facts that say more than the words beside them: how long something took. `참 빠르네요 2주만에` is not praise."""

from __future__ import annotations

import re

from voc.tagging.moods import Expression, Hit
from voc.tagging.stretches import Squeezed

_COUNT = r"(?:\d{1,3}|한|두|세|네|다섯|몇|일|이|삼|사|오|육|십)"
_LONG = rf"(?:{_COUNT}(?:주일?|달|개월|년)|일주일|이주일|열흘|보름|사흘|나흘|며칠|몇일|(?:[3-9]|\d\d)일|(?:삼|사|오|육|칠|팔|구|십)일)"
_WAIT = rf"(?:{_LONG}|이틀|하루종일|(?:\d{{1,3}}|한|두|세|네|몇)시간|(?:[1-9]\d)분|(?:십|이십|삼십|사십|오십)분|한참)"
_ADDED = r"(?:이나|도|은|동안|넘게|이상|가까이|정도|씩이나|씩|을|를|이|가|도넘게|만에야|만)?"
_SLOW = re.compile(
    rf"{_WAIT}{_ADDED}(?:째(?!다니|쓰|써|이용|사용|애용|단골|먹고|입고|신고|구매|주문|사고|재구매)|걸렸|걸려|걸림|걸리|걸립|기다|기달|지나|지났|지남|넘었|넘엇|넘어|넘게|됐는데|되었는데|연락이|연락도)|{_WAIT}동안(?:안|못)"
    rf"|{_LONG}(?:만에야?|뒤에?|후에?|있다가?)(?:왔|와|오네|옴|온|받|도착|배송|답|연락|발송|출고|처리|환불|$|[.!~ㅋㅎㅠㅜ;?])"
)
_SHORT_UNIT = re.compile(r"시간|분")
_QUICK = re.compile(
    r"(?:하루|이틀|당일|다음날|익일|1일|2일|(?:[1-3]|한|두|세)시간|\d{1,2}분|[십오]+분)(?:만에?|에|바로)(?!야)(?:바로|벌써|딱|잘|안전하게)?(?:왔|와|오|옴|받|도착|배송|답|연락|해결|처리|끝|환불|교환)"
    r"|(?:어제|오전|아침|점심|오늘)[가-힣]{0,6}(?:시켰|주문)[가-힣]{0,4}(?:오늘|아침|오후|저녁|퇴근)[가-힣]{0,4}(?:왔|와|도착|받)"
    r"|주문(?:하고|한)?다음날(?:바로)?(?:왔|와|도착|받)"
)
# Days are waited for a parcel, minutes for people; the model sees both as one.
SLOW = Expression("\x02slow", -1, (), ("delivery",))
WAITED = Expression("\x02slow", -1, (), ("waiting",))
_AGAIN = re.compile(
    r"(?:두|세|네|다섯|여섯|열|몇|[2-9]|\d\d)(?:번|차례)(?:이나|씩이나|넘게|을전화|째(?:문의|전화|연락|교환|반품|말씀|요청|수리|고장))|벌써(?:두|세|네|다섯|몇)번째"
)
AGAIN = Expression("\x02again", -1, (), ())
_ONLY_AFTER = re.compile(
    r"(?:두|세|네|다섯|여섯|열|몇|[2-9]|\d\d)(?:번|차례)(?:은|을)?[가-힣]{1,4}야(?:만)?(?:겨우|그제서야|그제야|간신히)?(?:대답|답|받|해주|나오|들|연결|처리)"
)
# 세 번 물어봐야 대답해 주시고: so it was not done willingly, whatever is said beside it.
ONLY_AFTER = Expression("\x02only", -1, (), ())
# 몇 년째 다니고 있어요: no wait, but a regular.
_LOYAL = re.compile(r"(?:년|달|개월)째(?:다니|쓰|써|이용|사용|애용|단골|먹고|입고|신고|구매|주문|사고|재구매)")
LOYAL = Expression("\x02loyal", 1, (), ("praise",))
QUICK = Expression("\x02quick", 1, (), ("delivery",))
# A promise held against who made it.
_HELD_AGAINST = re.compile(r"(?:이라|라|다|자)더니(?!.{0,12}(?:역시|정말|진짜|좋|최고))")
# Nobody means well who says this.
_BITTER = re.compile(
    r"퍽이나|잘하는짓|잘들한다|잘도(?!착)[가-힣]|눈물나(?:네|게|겠)|좋아하(?:시)?네[요]?(?:$|[가-힣])|도하셔라|도하시지|참도|고작|아주그냥|대단하[십시]|대단한(?:거같|것같)|어련하|감사하네요?(?:ㅡㅡ|$)|감사합니다ㅡㅡ"
)
_FLATTERY = re.compile(
    r"(?:빠르|빠른|빨라|대단|훌륭|친절|좋|감사|고맙|최고|잘해|완벽|끝내주|멋지)[가-힣]{0,4}(?:네요?|다|십니다|시네요?|군요?|셔라|라니)(?=$|[가-힣0-9\W])"
)
_MARKED = re.compile(r"참|와+(?=[가-힣])|아주|퍽|정말|진짜|역시|대단|훌륭하네|감사하네|고맙네|잘한다")
_MOCKING = re.compile(r"참|퍽|대단하|대단해|훌륭하네|감사하네|고맙네|잘한다|좋다$|빠르다$")
_TURNING = re.compile(r"^(?:근데|그런데|하지만|다만|그래도|그렇지만|단지|단,|but|아쉬)")


def find(squeezed: Squeezed) -> list[Hit]:
    """The facts of a sentence as hits; of two at one place the slow one."""
    text = squeezed.text
    if not any(mark in text for mark in "주달월년일분간참틀흘름칠날루번늘"):
        return []
    found = [
        Hit(each.start(), each.end(), -1, False, WAITED if _SHORT_UNIT.search(each.group()) else SLOW)
        for each in _SLOW.finditer(text)
    ]
    found += [Hit(each.start(), each.end(), -1, False, AGAIN) for each in _AGAIN.finditer(text)]
    found += [Hit(each.start(), each.end(), -1, False, ONLY_AFTER) for each in _ONLY_AFTER.finditer(text)]
    found += [Hit(each.start(), each.end(), 1, False, LOYAL) for each in _LOYAL.finditer(text)]
    taken = [(hit.start, hit.end) for hit in found]
    for each in _QUICK.finditer(text):
        if all(each.end() <= start or each.start() >= end for start, end in taken):
            found.append(Hit(each.start(), each.end(), 1, False, QUICK))
    return found


def holds_against(text: str) -> bool:
    """Whether a squeezed sentence holds a promise against somebody: 새벽배송이라더니."""
    return bool(_HELD_AGAINST.search(text))


def is_bitter(text: str) -> bool:
    """Whether a squeezed sentence is mocking by its words alone."""
    return bool(_BITTER.search(text))


def flatters(text: str) -> bool:
    """Whether a squeezed sentence is praise of the kind that is said in mockery when a bad fact stands beside it."""
    return bool(_FLATTERY.search(text))


def is_marked(text: str) -> bool:
    return bool(_MARKED.search(text))


def is_mocking(text: str) -> bool:
    """Whether praise is said as one says it in mockery: what follows need not be of the same topic."""
    return bool(_MOCKING.search(text))


def turns(text: str) -> bool:
    """Whether a squeezed sentence begins a new thought against the one before (근데, 하지만)."""
    return bool(_TURNING.match(text))
