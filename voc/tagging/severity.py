"""What cannot wait: law, safety, press, abuse. Read from expressions, with the harmless ones that look alike."""

from __future__ import annotations

import re

from voc.tagging.stretches import Squeezed, is_torn

# In the squeezed text. Looks before and after keep out 고소한 맛, 2시 발송, 시발점, 홈쇼핑 방송, 기자재.
_LAW = re.compile(
    r"고소(?:할|하겠|합니다|장|를|당|하려|했|하기전|진행|감|까지)|소송|소비자(?:보호)?원|소보원|공정(?:거래)?위|변호사|내용증명|고발|법적(?:으로)?(?:대응|조치|책임|절차|처리|다투|하겠|갈)"
    r"|민사|형사|경찰(?!청|서근처|서앞|서옆)|사기(?:죄|로신고|당)|신고(?:하겠|하려|하기전|할게|할거|할것|할수밖|합니다|했|접수|조치|예정|들어|넣)|손해배상|위법|불법|집단소송|1372|국민신문고|개인정보(?:가|를)?유출"
)
_SAFETY = re.compile(
    r"다쳤|다칠뻔|다쳐|다침|화상(?:을|입|이|당|흉|연고|때문)|데였|데었|베였|베었|베임|찔렸|찔려|감전|폭발|터져서(?:다|위험)|(?<![이그저선형밝])불(?:이|도)?(?:났|나서|붙|남|날뻔|나요|났어)|불꽃|화재|연기(?:가|도)?(?:나|났|남|솟|납)"
    r"|타는냄새|탄내|탄냄새|전기가?(?:올|찌릿|통하)|배터리[가-힣]{0,2}부풀|발화|(?:콘센트|충전기|배터리|어댑터|플러그|전선)[가-힣]{0,4}(?:뜨거|녹|탔|타서)|유통기한이?(?:지난|지났)|(?:국물|음식|반찬|빵|김밥|밥|과자|우유)[가-힣]{0,6}(?:머리카락|이물|철사|유리|플라스틱)|스파크|식중독|배탈|토했|구토|설사|장염|두드러기|알레르기(?:가|로|반응)|알러지(?:가|로|반응)|발진|호흡곤란|응급실|실신|쓰러졌|쓰러지셨|유리(?:조각|가루|파편)|쇳조각|철사가|칼날이"
    r"|바퀴벌레|벌레(?:가|도)?(?:나왔|나와|나온|있)|쥐가|이물질(?:이|을)|곰팡이(?:가|핀)|상한(?:거|걸|음식|우유|고기)|썩은|삼켰|삼킬뻔|질식|미끄러져|넘어져|넘어졌|피가(?:나|났)|골절|위험(?:해|합|하네|했|천만)|부작용|피부염|납검출|발암"
)
_PRESS = re.compile(
    r"기자(?:한테|에게|님|를|분|들)|방송국|언론(?:사|에(?:제보|알|공개|올|흘)|플레이)|제보|뉴스에|신문(?:사|에)|유튜브에(?:올|공개|제보)|유튜버(?:에게|한테)|인터넷에(?:올|퍼|다)|커뮤니티에(?:올|다|퍼)|카페에(?:올|다|퍼|글)|sns에(?:올|다|퍼|공개)|인스타에(?:올|공개|퍼)|맘카페(?:에|다)?(?:올|퍼|알|쓸|글)|공론화|불매|청와대|pd수첩|소비자고발"
)
_ABUSE = re.compile(
    r"(?:(?<![0-9가-힣])|(?<=[아이런짜휴와]))[씨시]+[1!.\-]*[발빨팔바](?![송점차역탁행령표매견])(?:[가-힣ㄱ-ㅣ]|$|[^\w])|씨발|씨팔|씨빨|ㅅㅂ|ㅆㅂ|ㅅ1ㅂ|쓰발|개[새세쌔]끼|개[쌔새세][^우]|ㄱㅅㄲ|병신|븅신|ㅂㅅ|지랄|ㅈㄹ|좆"
    r"|썅|쌍놈|쌍년|미친(?:놈|년|새끼|것들|새)|(?<!강아지)(?<!고양이)새끼(?:야|들|네|가|를|라)|니애미|느금|꺼져|닥쳐|아가리|엿먹|죽여버|죽이겠|죽고싶냐|뒤져라|뒤지고싶|호로|쓰레기(?:같은)?(?:놈|년|새끼|들|인간)|거지(?:같은)?(?:놈|새끼|년)|등신|또라이|돌아이|찢어죽|fuck|shit(?!ake)|bitch"
)
# 씨발 also carries praise among the young: with a clear word of praise and nothing bad it is no abuse.
_OF_JOY = re.compile(r"(?:존나|ㅈㄴ|졸라|개|씨발|ㅅㅂ|ㅆㅂ)+(?:좋|예쁘|예뻐|이쁘|이뻐|맛있|편하|편해|굿|쩔)")
_NO_DANGER = re.compile(
    r"(?:병원|법적|안전|위험)?.{0,6}(?:문제없|이상없|걱정없)|(?:냄새|이물질|부작용|벌레|곰팡이|두드러기|알레르기|알러지|위험)(?:이|가|도|은|는|하지)?(?:전혀|하나도|없|않|안)"
)


def severity_of(squeezed: Squeezed) -> str:
    """One of `shapes.SEVERITIES`; of several the first of safety, law, press, abuse."""
    text = squeezed.text
    for name, pattern in (("safety", _SAFETY), ("law", _LAW), ("press", _PRESS)):
        if _stands(pattern, squeezed) and not _NO_DANGER.search(text):
            return name
    return "abuse" if _stands(_ABUSE, squeezed) and not _OF_JOY.search(text) else ""


def _stands(pattern: re.Pattern[str], squeezed: Squeezed) -> bool:
    return any(not is_torn(squeezed, found.start()) for found in pattern.finditer(squeezed.text))
