"""Whether a complaint is made in anger: trouble told politely is trouble, and no more."""

from __future__ import annotations

import re

_HEATED = re.compile(
    r"짜증|화나|화가나|열받|빡치|빡침|어이없|어이가없|황당|기가막|기가차|불쾌|분노|억울|괘씸|최악|실망|너무하|너무한|장난|말이되|말이됩|말도안되|뭐하는|뭐하자|도대체|대체왜|대체언제|양심|한심|엉망|무시|무책임|모르쇠|배째|사기"
    r"|왜(?:이렇|이리|이런|아직|아무|맨날|자꾸|안|못)|언제까지|(?:몇|두|세|네|다섯|여러|[2-9])(?:번|차례)(?:이나|씩|째|을|넘게)|번번이|맨날|매번|아직도|또(?:안|전화|왔|온|이러|그러)|하셨잖|했잖|했는데도|말했고|[된한온준간]다면서|(?:라|다)더니|다시는|두번다시"
    r"|항의|언짢|책임자|사과(?:도|하|를|받)|그만좀|세워[두놓]|교육을?안|셔야죠|줘야죠|[?!]{2,}|[!]$|[😡🤬😠😤👎💢]"
)
_CALM_ENDING = re.compile(r"(?:세요|드려요|드립니다|감사합니다|니다만)!$")


def is_heated(text: str) -> bool:
    """Whether a sentence that complains does so in anger: by its words, a promise held against somebody, or its marks."""
    squeezed = "".join(text.lower().split())
    return bool(_HEATED.search(_CALM_ENDING.sub("", squeezed)))
