"""What cannot wait: law, safety, press, abuse. Read from expressions, with the harmless ones that look alike."""

from __future__ import annotations

import re

from voc.tagging.stretches import Squeezed, is_torn

# In the squeezed text. What a cue is part of, and what it is followed by when it is meant, stands beside it: 고소한 맛, 2시 발송, 시발점.
_LAW = re.compile(
    r"고소(?:할|하겠|한다|해버|해야|합니다|장|를|당|하려|했|하기전|진행|감|까지)|소송|소비자(?:보호)?원|소보원|공정(?:거래)?위|변호사|내용증명|고발(?!송|급|행|림|표|매|생|견|목|볼)|법적(?:으로)?(?:대응|조치|책임|절차|처리|다투|하겠|갈)"
    r"|민사(?:소송|로|상|적|재판|조정)|형사(?:고소|고발|처벌|책임|소송|상|적|사건|로)|경찰(?:에|서에|을?불|을?부르|신고|조사)|사기(?:죄|로신고|당)|신고(?:하겠|하려|하기전|할게|할거|할것|할수밖|합니다|했|접수|조치|예정|들어(?:가겠|갈게|갑|간)|넣(?:겠|을|습|었))"
    r"|손해배상|위법|불법|집단소송|1372(?:에(?!요|이)|로|상담)|국민신문고|개인정보(?:가|를)?유출"
)
_SAFETY = re.compile(
    r"다쳤|다칠뻔|다쳐|다침(?!대|구)|화상(?:을|입|이|당|흉|연고|때문)|데였|데었|베였|베었|베임|찔렸|찔려|감전(?:됐|되|돼|될|당|사고|위험)|폭발|터져서(?:다|위험)|(?<![이그저선형밝환지가])불(?:이|도)?(?:났|나서|붙|남|날뻔|나요|났어)|불꽃|화재|연기(?:가|도)?(?:나|났|남|솟|납)"
    r"|타는냄새|탄내|탄냄새|(?<![정충])전기가?(?:올|찌릿|통하)|배터리[가-힣]{0,2}부풀|발화|(?:콘센트|충전기|배터리|어댑터|플러그|전선)[가-힣]{0,4}(?:뜨거|녹|탔|타서)|유통기한이?(?:지난|지났)|(?:국물|음식|반찬|빵|김밥|밥|과자|우유)[가-힣]{0,6}(?:머리카락|이물|철사|유리|플라스틱)|스파크|식중독|배탈|토했|구토|설사(?:를|가|했|하|까지)|장염|두드러기"
    r"|(?:알레르기|알러지)(?:가|도)?(?:생|올라|났|나요|나서|일어|심해|반응)|(?:알레르기|알러지)로(?:병원|고생)|발진|호흡곤란|응급실|실신(?:했|하|할|까지)|쓰러졌|쓰러지셨|유리(?:조각|가루|파편)|쇳조각|철사가|칼날이"
    r"|바퀴벌레|벌레(?:가|도)?(?:나왔|나와|나온|있)|쥐가(?:나왔|나와|있|돌|죽)|이물질(?:이|을)|곰팡이(?:가|핀)|상한(?:거|걸|음식|우유|고기)|썩은|삼켰|삼킬뻔|질식|미끄러져(?!내려|벗)|넘어져|넘어졌|피가(?:나요|나서|나고|났|철철)|골절|위험(?:해|합|하네|했|천만)|부작용|피부염|납검출|발암"
)
_PRESS = re.compile(
    r"기자(?:한테|에게|님|를|분|들)|방송국|언론(?:사|에(?:제보|알|공개|올|흘)|플레이)|제보(?:하|할|합|했|해|한다|드리|드릴|를|예정|감)|뉴스에(?:제보|알|내)|신문(?:사|에(?:제보|알|내))|유튜브에(?:올|공개|제보)|유튜버(?:에게|한테)|(?:인터넷|커뮤니티|카페|sns|인스타)에(?:다)?(?:올(?!라|려도|린거|린것|렸더니)|퍼(?:뜨|트|질|나)|공개)"
    r"|카페에(?:다)?(?:글|쓸)|맘카페(?:에)?(?:다)?(?:올(?!라)|퍼|알릴|쓸|글올)|공론화|불매|청와대|pd수첩|소비자고발"
)
_ABUSE = re.compile(
    r"(?:(?<![0-9가-힣])|(?<=[아이런짜휴와]))[씨시]+[1!.\-]*[발빨팔바](?![송점차역탁행령표매견])(?:[가-힣ㄱ-ㅣ]|$|[^\w])|씨발|씨팔|씨빨|ㅅㅂ|ㅆㅂ|ㅅ1ㅂ|쓰발|개[새세쌔](?:끼|키(?:야|들|네)|ㄲ|$)|ㄱㅅㄲ|병신|븅신|ㅂㅅ|지랄|ㅈㄹ|좆"
    r"|썅|쌍놈|쌍년|미친(?:놈|년|새끼|것들)|(?<!강아지)(?<!고양이)새끼(?:야|들|네|가|를|라)|니애미|느금|꺼져(?:라|줄래|버려라)|^(?:너나|니들)?꺼져[!.~]*$|닥쳐|아가리|엿먹|죽여버|죽이겠|죽고싶냐|뒤져라|뒤지고싶|호로(?:자식|새끼|놈|년|잡)|쓰레기(?:같은)?(?:놈|년|새끼|들|인간)|거지(?:같은)?(?:놈|새끼|년)|등신|또라이|돌아이|찢어죽|fuck|shit(?!ake)|bitch"
)
# Longer words that hold a cue and mean another thing, however they are spaced.
_OTHER_WORDS = re.compile(
    r"최고소감|재고발|출고발|[인대소중신구원체]형사|(?:분실|전입|혼인|출생|소득|세금|연말정산)신고|[전영]화상|[는은인한된던런]데였|(?:인기|매력|반응|주문|문의|감성|귀여움)[가이도]?폭발|불꽃(?:놀이|축제|무늬)|(?:[전영]화|문화)재|배송연기|[모커캐채]피가"
    r"|[이어]제보|(?:문제|과제|실제|숙제|언제|경제|세제|통제|주제|형제)보|[대후투]기자|이불(?:매|법|남|났|나)|강아지랄|[가-힣]지랄(?:까|지)|[가-힣](?<!야)(?<!새)등신(?:발|경)|돌아이(?:동|번|제)|(?:영향을|에)미친것들|[간갑]병신"
)
# 신고 of 신다: to have shoes on.
_SHOES = re.compile(
    r"신발|구두|운동화|부츠|양말|슬리퍼|샌들|로퍼|단화|스니커|힐을|장화|스타킹|덧신|깔창|발볼|사이즈|신어|신었|발이|발에|하루종일"
)
_REPORTED = re.compile(r"소비자|경찰|사기|허위|공정|당국|구청|시청|기관|보호원|센터에|고객센터")
# 씨발 also carries praise among the young: with a clear word of praise and nothing bad it is no abuse.
_OF_JOY = re.compile(r"(?:존나|ㅈㄴ|졸라|개|씨발|ㅅㅂ|ㅆㅂ)+(?:좋|예쁘|예뻐|이쁘|이뻐|맛있|편하|편해|굿|쩔)")
_SHORT_INSULTS = frozenset(("병신", "등신", "지랄", "새끼"))
_NO_DANGER = re.compile(
    r"(?:병원|법적|안전|위험)?.{0,6}(?:문제없|이상없|걱정없)|(?:냄새|이물질|부작용|벌레|곰팡이|두드러기|알레르기|알러지|위험)(?:이|가|도|은|는|하지)?(?:전혀|하나도|없|않|안)"
)

# With its own word it needs no look at what stands before: 충전하다가 불이 났어요.
_FIRE = re.compile(r"불(?:이|도)?(?:났|나서|붙|날뻔)")


def severity_of(squeezed: Squeezed) -> str:
    """One of `shapes.SEVERITIES`; of several the first of safety, law, press, abuse."""
    text = squeezed.text
    for name, pattern in (("safety", _SAFETY), ("law", _LAW), ("press", _PRESS)):
        if (_stands(pattern, squeezed) or (name == "safety" and _burns(squeezed))) and not _NO_DANGER.search(text):
            return name
    return "abuse" if _stands(_ABUSE, squeezed) and not _OF_JOY.search(text) else ""


def _burns(squeezed: Squeezed) -> bool:
    text = squeezed.text
    return "불" in text and any(
        found.start() in squeezed.begins and not is_torn(squeezed, found.start())
        for found in _FIRE.finditer(_OTHER_WORDS.sub(_blank, text))
    )


def _stands(pattern: re.Pattern[str], squeezed: Squeezed) -> bool:
    text = squeezed.text
    if pattern.search(text) is None:
        return False
    text = _OTHER_WORDS.sub(_blank, text)
    if "신고" in text and _SHOES.search(text) and not _REPORTED.search(text):
        text = text.replace("신고", "··")
    return any(not _is_of_two_words(squeezed, found) for found in pattern.finditer(text))


def _blank(found: re.Match[str]) -> str:
    return "·" * len(found.group())


def _is_of_two_words(squeezed: Squeezed, found: re.Match[str]) -> bool:
    """촉촉하고 발림성 is no 고발, and 이 병 신고 no 병신: an insult of two syllables has no space in it."""
    start = found.start()
    return is_torn(squeezed, start) or (found.group() in _SHORT_INSULTS and start + 1 in squeezed.begins)
