"""Invented Korean names, distributed as real ones are: two in five people are called Kim, Lee or Park."""

from __future__ import annotations

from random import Random

# Shares in thousandths, after the national census of surnames; the rare and double ones at the end.
_SURNAMES = {
    "김": 215, "이": 147, "박": 84, "최": 47, "정": 43, "강": 24, "조": 21, "윤": 21, "장": 20, "임": 17,
    "한": 15, "오": 15, "서": 15, "신": 15, "권": 14, "황": 14, "안": 14, "송": 14, "류": 4, "유": 13,
    "전": 11, "홍": 11, "고": 9, "문": 9, "양": 9, "손": 9, "배": 8, "백": 8, "허": 6, "남": 5,
    "심": 5, "노": 6, "하": 5, "곽": 4, "성": 4, "차": 4, "주": 4, "우": 4, "구": 4, "나": 3,
    "민": 3, "진": 3, "지": 3, "엄": 3, "채": 3, "원": 3, "천": 2, "방": 2, "공": 2, "현": 2,
    "함": 2, "변": 2, "염": 1, "여": 1, "추": 1, "도": 1, "소": 1, "석": 1, "선": 1, "설": 1,
    "남궁": 1, "황보": 1, "선우": 1, "제갈": 1, "독고": 1,
}  # fmt: skip

# Most common first: the weight falls with the rank.
_WOMEN_TEXT = (
    "서연 지은 민지 수진 지영 은주 미경 서윤 지우 유진 혜진 은정 현정 수빈 예은 지민 하은 미영 영희 정숙 은영 소연 예진 지현 "
    "다은 채원 선영 경희 윤서 나연 가은 보람 은지 수민 아름 혜원 주희 미숙 명숙 순자 정아 세은 하윤 시은 예린 소영 진아 유나 "
    "서현 민서 지아 수아 지유 다인 연우 소윤 은서 윤아 혜린 나래 슬기 한나 지혜 정은 미진 영숙 옥순 금희 은경 선희 향미 혜숙 "
    "단비 새롬 가영 나영 다영 보영 채은 희진 효진 현주 연주 미라 세라 유리 소라 해인 여진 도연 승희 정희 인영 재희"
)
_MEN_TEXT = (
    "민준 지훈 현우 성호 영수 준호 동현 승현 도윤 서준 예준 시우 정훈 상현 재현 성민 민수 영호 진우 건우 준서 우진 지호 "
    "태현 승우 현준 정우 민재 유준 종수 광수 경수 상철 기현 동욱 재호 성진 용준 태호 병철 형준 석진 창민 대현 한결 이준 하준 "
    "은우 선우 주원 시윤 규민 찬호 인호 명수 철수 원석 세준 태영 남길 강민 혁진"
)
_WOMEN, _MEN = _WOMEN_TEXT.split(), _MEN_TEXT.split()
_FOREIGN = ("Emily Carter", "Tanaka Yui", "Nguyen Thi Lan", "Michael Brown", "Wang Fang", "Anna Petrova")


def _falling(count: int) -> list[float]:
    return [1 / (rank + 6) for rank in range(count)]


_SURNAME_LIST, _SURNAME_WEIGHTS = list(_SURNAMES), list(_SURNAMES.values())
_WOMEN_WEIGHTS, _MEN_WEIGHTS = _falling(len(_WOMEN)), _falling(len(_MEN))


def korean_name(rng: Random) -> str:
    """A full name. Seven in ten are women's: the shop sells clothes and things for the home."""
    surname = rng.choices(_SURNAME_LIST, _SURNAME_WEIGHTS)[0]
    given, weights = (_WOMEN, _WOMEN_WEIGHTS) if rng.random() < 0.7 else (_MEN, _MEN_WEIGHTS)
    # One in sixty has a given name of one syllable.
    name = rng.choices(given, weights)[0]
    return surname + (name[-1] if rng.random() < 1 / 60 else name)


def foreign_name(rng: Random) -> str:
    """A name in Latin letters: tourists shop too."""
    return rng.choice(_FOREIGN)
