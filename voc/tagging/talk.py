"""What is different in a conversation (chat, message, mail, call, store note): most of its sentences judge nothing.

The model has read reviews, which always judge, so it is not asked where nothing in the sentence does. Trouble is told as a
fact (`밑창이 벌어졌습니다`), politeness looks like praise (`감사합니다`), and what is asked for or supposed is not so (`안 되면`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from voc.tagging.facts import SLOW, WAITED
from voc.tagging.moods import Expression, Hit
from voc.tagging.stretches import Squeezed, is_torn

REVIEW, TALK = "review", "talk"
REGISTERS = (REVIEW, TALK)
# How customers are heard there; a review and the comment of a survey are not among them.
TALK_CHANNELS = frozenset(("chat", "message", "mail", "call", "store"))

# Trouble told as a fact, in the squeezed text, with the topic it hints at.
_TROUBLES = (
    (
        "quality",
        r"(?:올|실|매듭|바느질)이?풀|금이?(?:갔|가있|가서)|늘어[났졌진]|떼어져|떼져|[다이가]샜|새어나|(?:눌려|찍혀|긁혀|휘어|젖어|구겨져|녹아|열려|터져|깨져|섞여)(?:서|있|왔)|젖었|녹았|(?:사용|입은|신은|뜯긴|뜯은|세탁)(?:한)?(?:흔적|자국)|얼룩|까질|소리가(?:나요|나네|나고|납|심)|다가?(?:말아|꺼|멈)|전원이?안|벌어(?:졌|져|집|진)|뜯(?:어졌|어져|어집|어진|겼|겨|긴)|갈라(?:졌|져|진)|쪼그라|줄어(?:들|버)|줄었|덜렁|들떠|들뜸|물이?빠(?:져|졌|진|집|짐)|색이?빠(?:져|졌|진|집|짐)|염색이?빠|묻어(?:있|나|왔)|묻은채|이염|까졌|까져|까진|틀어(?:졌|져)|삐걱|오작동|보풀이?심"
        r"|물러(?:있|졌|터|버)|물렀|짓물|무르고|곯았|쉬었|쉰내|눅눅해|시들(?:었|어있|하)"
        r"|(?:작게|크게|짧게|길게)나(?:왔|온것|오네)|얇다고|두껍다고|작다고하|크다고하|(?:끈|줄|굽|단추|지퍼|버클|손잡이)[이가도]?[가-힣]{0,4}(?:빠졌|빠져|나갔|나가)",
    ),
    (
        "delivery",
        r"(?:다른|딴|엉뚱한|잘못된|틀린)[가-힣]{1,5}(?:왔|와있|받았|배송됐|도착)|부재중(?:이라|이었|으로|문자)|(?:일주일|\d+일|사흘|나흘|며칠|이틀)째그대로|움직이[질지](?:를)?않|(?:물건|상품|택배|제품|옷)[을은이도]?(?:아직)?못받|배송[이은도]?(?:안|시작도)|수거[를도가]?(?:안|못)|가져가(?:질|지)않|(?:하나|한개|한벌|한짝)[가만이]?(?:없|덜|안)",
    ),
    (
        "order",
        r"(?:결제|출금|승인|청구)[가이도]?[가-힣]{0,3}(?:두번|2번|이중|중복)|(?:두번|2번|이중|중복)(?:으로)?(?:결제|출금|승인|청구)|(?:문자|알림|승인)[이가도]?(?:두|2|세|3)번(?:이나|씩)?(?:왔|찍|떴)|주문(?:한|했던)적[이도은]?없",
    ),
    ("app", r"(?:하얀|흰|빈|까만|검은)화면|(?:화면|로딩)만(?:떠|뜨|뜹|나오|돌|계속)|(?:뱅뱅|빙빙|빙글빙글)(?:돌|도)"),
    (
        "privacy",
        r"(?:다른사람|모르는사람|남)(?:한테|에게|의)?[가-힣]{0,6}(?:보여|보이|떠요|뜨|나와|나오)|(?:가입|동의)(?:한|했던)?적[이도은]?없|(?:광고|홍보|스팸|마케팅)(?:성)?(?:문자|메일|전화|카톡|톡|알림)[이가을를도]?[가-힣]{0,5}(?:옵니|와요|와서|오네|오는데|왔)",
    ),
    (
        "service",
        r"(?:눈길|눈|말)(?:도|을)?(?:한번|한마디)?(?:안|못)(?:주|마주|걸|해|하)|본체만체|본척만척|못본척|쳐다보지도|(?:대답|인사|대꾸|사과|설명)(?:도|조차|한마디)(?:없|안|못)|반말",
    ),
    (
        "",
        r"(?:안|못)[가-힣]{1,4}(?:셨|십니다|시네|시던|시더|시고)|(?:되|열리|나오|오|뜨|켜지|움직이|보이|들어오|들리|맞|잡히|닫히|눌리|하|풀리|지워지)지(?:를|가)?않(?:[습았고는]|아요|네)|(?:전화|연결|통화|상담)[이가도]?(?:중간에)?(?:끊|뚝)|빠져나[갔가]|인출됐|옆집|다른집|(?:이름|예약|내역|기록|물건|재고)[이가도]?없(?:다고|대요|다네)"
        r"|벌써[가-힣0-9]{1,4}(?:전|째|지났|됐|넘)|(?:닷새|엿새|이레|여드레|아흐레|보름|한참|주일?|[일달])[이가]?(?:넘게|넘었|지났|지나|넘도록)|(?:로그인|인증|결제|가입|접속|적용|조회|등록|사용|적립|설치|연결|입력|주문|확인|선택|처리|입금|환급)[이가도은는을]?(?:계속|자꾸|아예|잘|아직|또)?(?:안되|안돼|안됐|안됩|안됨|안되었|되[지질]않|못하고)"
        r"|아직(?:도)?(?:안(?:왔|와|옵|오|됐|되|돼|들어|나왔|주)|못받|소식)|(?:연락|답|답변|답장|회신|안내|전화)[을이도은]?(?:아예|전혀|아직|한번도)?(?:못받|안주|안오|안왔|없[어었네습])|받지를?못|같은문제|똑같이(?:뜯|고장|불량|망가)|(?:두|세|네|몇)번째(?:연락|문의|전화|말씀|같은|교환)"
        # What things do not do: people who do not are mostly speaking of themselves.
        r"|안(?:넘어가|내려가|올라가|돌아가|들어가|움직|바뀌|바껴|멈추|멈춰|꺼지|켜지|뜹|뜨|떠요|보이|나타|작동|연동|반영|전송|저장|삭제되|검색|재생|인식|스캔)|(?:자리|곳|데|사람|직원|아무것|아무)[이가도]?(?:하나)?없(?!으면|어도|을|나요|나|이)|하루에(?:두|세|네|몇|여러|수십|\d+)번(?:씩|이나)?(?:와|오|옵|전화|문자)|기도전에(?:끊|가|닫|나가|말을|자르)|만(?:대답|반복|되풀이)|(?:던지|내던지)듯|(?:벌써|이미)다(?:팔|나가|나갔)"
        r"|(?:돌다가|기다리다가?|듣다가?)(?:끝|끊|포기)|[월화수목금토일]요일인데(?:오늘|지금|벌써)|안(?:닫|잠|눌|채워|끼워)|(?:로그인|버튼|카드|쿠폰|터치|인증|비번|비밀번호|클릭)[이가도은는]?(?:잘)?안먹"
        r"|약속(?:한|하신|했던|된)?(?:날|시간|일|기한)[가-힣]{0,3}(?:안|못|지나|지났|넘)"
        r"|취소(?:했|신청)[가-힣]{0,3}는데[가-힣]{0,4}(?:배송|출고|발송|결제)|그만(?:좀)?보내|교육(?:을)?(?:안|도안)|번번이|매번이러|맨날이러|이러시면|다면서요|라면서요|(?:문자|연락|전화|말씀)(?:이)?라도[가-힣]{0,2}(?:셔야|줘야|주셨어야|했어야)|계속(?:기다|대기)|줄이(?:그렇게|이렇게)|세워[두놓]|항의|당황|무안|언짢|서운|헛걸음|갔는데(?:[가-힣]{0,6})없|없더라|뒀?다더니[가-힣]{0,4}없|좀아닌것|이건아닌|좀그렇네|이유를모르|납득|이해가안|(?:계속|자꾸)(?:옵|와[요서]|오네|꺼|멈|끊|튕|풀|떨어|안)|아무도(?:안|못)|잘못(?:왔|온|보내|나왔|결제|들어|입력되|배송)|꺼져[요서버]|꺼집|부러[졌져진]|너무늦",
    ),
)
_TOLD = re.compile("|".join(f"(?P<t{place}>{pattern})" for place, (_topic, pattern) in enumerate(_TROUBLES)))
_TOLD_STEM = "\x02told"
_AS = {
    f"t{place}": Expression(f"{_TOLD_STEM}{place}", -1, (), (topic,) if topic else ())
    for place, (topic, _pattern) in enumerate(_TROUBLES)
}

# Thanks alone, which end a conversation as a greeting begins it.
_COURTESY = re.compile(
    r"(?:네+에?|예에|오케이|ㅇㅋ|넵|넹|예|아+|오+|앗|그럼|정말|진짜|너무|항상|늘|미리|매번|답변|답장|연락|확인|안내|설명|빠른|친절한|신경써주셔서|알려주셔서|도와주셔서|확인해주셔서|답변|대단히|많이|알겠습니다|알겠어요|확인했습니다|수고하세요|수고하셨습니다|안녕하세요|안녕히계세요"
    r"|감사(?:합니다|해요|해용|드려요|드립니다|드려용|요|했습니다|함니다|합니당)?|고맙(?:습니다|네요)|고마워요|고마와요|ㄱㅅ|ㄳ|땡큐|[^\w가-힣]|[ㅎㅋㅠㅜ_])+"
)
# 안 되면, 작으면: said of what is not so, or may not be.
_IF = re.compile(r"[가-힣]{0,2}?(?:면(?!서|적)|을경우|ㄹ경우|을까봐|더라도|어도되|아도되|해도되|거든)")
_WHEN = re.compile(r"언제(?!까지|든|부터|라도)")
_REPROACH = re.compile(r"왜|아직|벌써|도대체|대체|언제까지|맨날|자꾸|또|계속|ㅠ|ㅜ|\?\?|!")
# 작은 걸로, 큰 사이즈, 긴팔: which one, not how it is.
_WHICH = re.compile(
    r"[은운한ㄴ]?(?:거|걸|것|쪽|사이즈|치수|색|팔|바지|기장|옵션|박스|가방|봉투|걸로|거로|데)(?:로|요|이요|으로|예요|주세요|있|도|은|는|좀|부탁|$|[.?!~])"
)
_BY_SIZE = frozenset(["작은", "좁은", "짧은", "얇은", "크고", "길고", "작고", "얇고", "두꺼", "무거운", "어두", "안맞"])
# 택을 버려서요: what she has thrown away is no complaint.
_THROWN_AWAY = re.compile(r"(?:택|태그|박스|상자|봉투|포장|포장지|영수증|비닐)[을를은는도이가]?(?:다|이미|벌써|그냥)?$")
_NO_JUDGEMENT = re.compile(
    r"달라(?:고|는데|시|하)|다르게|다른(?!게왔|데서)|지연(?:님|씨|이요|입|이에|이라)|취소(?:하|할|해|부탁|요청|신청)|독하|신고|가려(?:고|면|는데|구요)|안열어봤|안열었|안입어|안해봤|안해도|안해주셔도|필요없|늘어나는(?:재질|소재)|얼마나"
)
# 예쁘게 포장해 주세요, 좋은 걸로 추천해 주세요: wished for. What has happened is told: 친절했다고 전해 주세요.
_HAPPENED = re.compile(r"[가-힣]{0,3}?(?:했|었|았|였|셨|셔서|아서|어서|해서|워서|와서|네요|습니다)")
# A smile at the end of a sentence is politeness; alone it is an answer (see `judging`).
_SMILES = frozenset(["^^", "^_^", ":)", "🙂", "😊", "😄", "😀", "😃", "😁"])
_ENDING = re.compile(r"(?<=[가-힣?.!~])(?:\^_?\^|:\)|[~ㅎㅋㅠㅜ♥♡🙂😊😄😀😃😁])+$")
_ASKED = re.compile(r"(?:나요|가요|까요|나|가)[?~.]*$")
# 넉넉한 게 좋아서 M으로 할게요: how she would have it.
_CHOSEN = re.compile(r"[가-힣a-z0-9]로(?:할게|할께|살게|주문할|해주|부탁|주세|갈게)")
_MEANT_AS_ASSENT = re.compile(r"(?:괜찮|갠찮|좋)[가-힣]{0,4}")
_ASSENT_BEFORE = re.compile(r"(?:도|으로|로|면|게|둘다|다|걸로|거로)$")


def register_of(channel: str) -> str:
    """How to read what comes by this channel; what is not known is read as a review."""
    return TALK if channel in TALK_CHANNELS else REVIEW


def troubles(squeezed: Squeezed) -> list[Hit]:
    """Trouble told as a fact."""
    return [
        Hit(found.start(), found.end(), -1, False, _AS[found.lastgroup or ""])
        for found in _TOLD.finditer(squeezed.text)
        if not is_torn(squeezed, found.start())
    ]


def without_smile(text: str) -> str:
    """A squeezed sentence without what stands after its words: 되나요?^^ asks as 되나요? does."""
    return _ENDING.sub("", text)


def in_talk(squeezed: Squeezed, hits: Sequence[Hit], *, asks: bool, asks_for: bool) -> list[Hit]:
    """The expressions as they are meant in a conversation; `asks`: it is a question, `asks_for`: a request."""
    text = squeezed.text
    if not hits or _COURTESY.fullmatch(text):
        return [replace(hit, mood=0) for hit in hits]
    return [
        replace(hit, mood=0) if hit.mood and _says_nothing(text, hit, asks=asks, asks_for=asks_for) else hit
        for hit in hits
    ]


def _says_nothing(text: str, hit: Hit, *, asks: bool, asks_for: bool) -> bool:
    after = text[hit.end : hit.end + 16]
    if hit.mood > 0:
        if hit.expression.stem in _SMILES or _CHOSEN.search(text):
            return True
        if _MEANT_AS_ASSENT.match(text, hit.start) and _ASSENT_BEFORE.search(text[: hit.start]):
            return True
        return asks_for and not _HAPPENED.match(after)
    if hit.expression.stem.startswith("버") and _THROWN_AWAY.search(text[: hit.start]):
        return True
    is_told = hit.expression.stem.startswith(_TOLD_STEM)
    if (_IF.match(after) and not hit.expression.stem.startswith("다시")) or (
        not is_told and _NO_JUDGEMENT.match(text, hit.start)
    ):
        return True
    if hit.expression.stem in _BY_SIZE and _WHICH.match(after):
        return True
    # 열흘 됐는데 언제 되나요: who asks so has waited. 산 지 한 달 됐는데 교환 되나요 only asks.
    if hit.expression in (SLOW, WAITED) and _WHEN.search(text, hit.end):
        return False
    return asks and (not is_told or bool(_ASKED.search(text))) and not _REPROACH.search(text)
