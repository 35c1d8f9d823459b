"""Korean names for the data set: surnames as common as they are, given names of which some are everybody's.

On top of the demo's given names, a long tail of rarer ones is put together from syllables.
"""

from __future__ import annotations

from random import Random

from channels_app.demo.names import korean_name

_FIRST = "가경규기나다도동라명미민범병보상서석선성소수슬승시아애연영예오옥용우원유윤은의이인자재정제종주준지진찬창채철태하한해현형혜호홍화효희"
_SECOND = "강건겸경구국균근나남라란랑래량련림명모문미민배범별복봄빈산상서석선설섭성솔수숙순식신아안연열영옥완용욱운원율은음이인일임자장재정주준중진찬창채철춘태택평필하학한향헌혁현협형혜호홍화환후훈휘희"
_RARE_SHARE = 0.4


def names(count: int, *, seed: int) -> list[str]:
    """`count` full names, the same for the same seed."""
    chance = Random(seed)
    return [_name(chance) for _ in range(count)]


def _name(chance: Random) -> str:
    name = korean_name(chance)
    if len(name) == 3 and chance.random() < _RARE_SHARE:
        return name[0] + chance.choice(_FIRST) + chance.choice(_SECOND)
    return name
