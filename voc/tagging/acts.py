"""What somebody does with a sentence: asks, complains, wants, praises, suggests, or only says."""

from __future__ import annotations

import re

# Asked, not meant as a question.
_RHETORIC = re.compile(
    r"말이(?:되|됩|돼)|장난(?:하|치|합|해)|뭐하는|뭐하자|어이|왜(?:이렇|이리|이런|이따|안|맨날|자꾸|아직|못)|도대체|대체(?:왜|뭐|언제)|이게뭐|이게뭔|이게맞|누가사|누가쓰|실화|제정신|이딴|이걸(?:팔|돈)|어떡하(?:라|라고)|어떻게(?:이런|이럴|이렇|그런|그럴)|너무하|양심|[다라냐]고요\?|[다라]구요\?|왜(?:제가|내가|저만|우리가)|먹으라고|쓰라고|인가요\?{2,}"
)
_SUGGESTION = re.compile(
    r"(?:으면|면|다면)(?:더|더욱|훨씬|참|정말|진짜)?(?:좋겠|좋을|좋았을|어떨|어떤가|편할|편하겠|완벽할|감사하겠|괜찮을|최고일)|(?:는|면)(?:건|게|것은|것이|거)?어떨까|(?<![물조요안사용])건의(?!류)|(?<![이언어문과숙그주축])제안|개선(?:해|이|되|부탁|바|하|을|됐|점)|했으면(?:해|합|하|싶|한)|였으면(?:해|합|하|싶)|으면(?:합니다|해요|하네요|싶)|(?:해|추가해|만들어|늘려|넓혀|바꿔)(?:주시|주|줬)(?:으|었으)?면"
)
_QUESTION = re.compile(
    r"\?[.!~]*$"
    # 향이 나요, 냄새 나요, 살아나요 tell; 되나요, 있나요 ask. So do 오래 가요 and 인가요, 하니까 and 합니까.
    r"|(?<![향맛빛티광윤새화가이도살열])(?<!소리)(?<!살아)(?<!묻어)(?<!차이)(?<!짜증)(?<!생각)(?<!일어)(?<!늘어)(?<!튀어)(?<!고장)(?<!드러)(?<!들통)나[요여용][.~ㅠㅜㅋㅎ]*$|[인은한는던런운쁜]가[요여][.~ㅠㅜㅋㅎ]*$|(?<!니)까[요여][.~ㅠㅜㅋㅎ]*$|(?:습니|[ㅂ입합됩]니)까[.~]*$|인지요|는지요|을지요|나용$|죠\?|어떻게(?:하|해|되|돼|신청)|어디(?:서|에|로|인|쯤)(?!나|든|도)[가-힣]{0,8}(?:나|요|죠|까)|언제(?:쯤)?[가-힣]{0,10}(?:나|요|죠|까|지)$|얼마[가-힣]{0,6}(?:나|요|죠|까)$|(?:궁금|문의(?:드|합|요|좀)|여쭤|여쭙|알고싶|알려주실|알수있)|(?:언제|어디|얼마|어떻게|방법|주소|시간|번호|여부)[가-힣]{0,8}알려|있나$|되나$|인가$|되는지$|있는지$|가능한지$"
)
_REQUEST = re.compile(
    r"(?<![안못])주세[요여용염]|주새요|주십시|주시[길기]|주실(?:수|래|까|런)|부탁|바랍니다|바래요|바라겠|해줘|해주라|(?:하|안받|그만받|빼|바꾸)고싶(?:은데|어요|습니다|네요)|하려(?:고|는데)(?:요|합|하는데|해)|원해요|원합니다|요청|신청(?:합|할|하려|이요|해)|보내(?:줘|세요|주)|그만(?:좀)?(?:보내|해)|하세요|으세요|(?<![안못]주)(?<![안못]하)세요[!.~]*$|(?:환불|교환|취소|반품)이?요[.!~]*$|해달라|달라고(?:요|합)|할게요부탁|좀받아"
)


def act_of(text: str, sentiment: int, *, mild: bool) -> str:
    """The act of a squeezed sentence. `mild`: nothing in it speaks ill by itself."""
    asked = asks(text)
    if asked or "?" in text:
        if _RHETORIC.search(text) or ("왜" in text and not mild) or ("??" in text and not mild):
            return "complaint"
        if _SUGGESTION.search(text):
            return "suggestion"
        if asked:
            return "question"
    if _SUGGESTION.search(text):
        return "suggestion"
    if asks_for(text):
        return (
            "request"
            if mild or sentiment >= 0 or text.endswith(("주세요", "부탁드립니다", "부탁드려요", "주세요."))
            else "complaint"
        )
    if sentiment < 0:
        return "complaint"
    return "praise" if sentiment > 0 else "statement"


def asks(text: str) -> bool:
    """Whether a squeezed sentence has the form of a question."""
    return bool(_QUESTION.search(text))


def asks_for(text: str) -> bool:
    """Whether a squeezed sentence wants something done."""
    return bool(_REQUEST.search(text)) and not _only_wishes_well(text)


def _only_wishes_well(text: str) -> bool:
    return bool(
        re.search(
            r"하루(?:되|보내)세|주말(?:되|보내)세|시간(?:되|보내)세|많이(?:파세|파셔)|번창하세|힘내세|수고하세|건강하세|안녕하세|쓰세요|사세요|드세요|보세요|구매하세요|안녕히",
            text,
        )
    )
