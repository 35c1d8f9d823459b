"""What cannot wait is found, and what only looks like it raises no alarm."""

from __future__ import annotations

import pytest

from voc.tagging import whole


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("소비자보호원에 신고하기 전에 처리해 주세요", "law"),
        ("고소하기 전에 연락 주세요", "law"),
        ("변호사 선임했습니다", "law"),
        ("개인정보가 유출된 것 같아요", "law"),
        ("국물에서 머리카락이 나왔어요", "safety"),
        ("유통기한 지난 우유를 팔았어요", "safety"),
        ("배터리가 부풀어 올랐어요", "safety"),
        ("유리가 깨져서 왔는데 손을 베었어요", "safety"),
        ("미끄러져서 넘어졌어요", "safety"),
        ("SNS에 올릴게요", "press"),
        ("맘카페에 올릴게요", "press"),
        ("시발 진짜", "abuse"),
        ("아 시*발 뭐하자는 거야 이 새끼야", "abuse"),
    ],
)
def test_what_cannot_wait_is_found(text, severity):
    assert whole(text).severity == severity
    assert whole(text).sentiment == -1


@pytest.mark.parametrize(
    "text",
    [
        "신고 다니기 편해요",
        "이 신발 신고 하루 종일 걸었어요",
        "운동화 신고할 때 뒤꿈치가 편해요",
        "경찰청 근처 매장 맞나요",
        "고소한 냄새가 나요",
        "촉촉하고 발림성이 좋아요",
        "법적으로 허용된 성분인가요",
        "불 켜진 매장이 예뻐요",
        "새 이불 났어요",
        "화상 통화로 상담했어요",
        "화상채팅 되나요",
        "위험하지 않은 소재라 좋아요",
        "알레르기 없는 소재인가요",
        "기자 출신 사장님이라 그런지 친절하시네요",
        "방송에 나온 코트 있나요",
        "맘카페에서 추천받았어요",
        "인스타 보고 왔어요",
        "10시발 버스 타고 갔어요",
        "오늘도시발랄하네요",
        "다시 발송해 주세요",
        "다시발송해주세요",
        "강아지 새끼들이 좋아해요",
        "새끼손가락에 맞아요",
        "쓰레기봉투 주세요",
    ],
)
def test_what_only_looks_like_it_raises_no_alarm(text):
    assert whole(text).severity == ""
