"""What kind each of the room's routes is, for tests/test_isolation.py."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from channels_app.intake import receive
from kpi.actions.surveys_following import follow_answers
from kpi.actions.surveys_settings import make_point
from kpi.models import SurveyAnswer
from tests.channels_app.envelopes import AT, TILL, envelope
from tests.isolation import MARK, Excused, Listed, Named, Route, World


def _add_surveys(world: World) -> None:
    hidden = world.hidden
    point = make_point(hidden.organization, store=hidden.gangnam, label=f"계산대{MARK}", by=hidden.owner, at=AT)
    told = {"survey": "csat", "score": 1, "comment": f"늦어요 {MARK}", "store": "gangnam"}
    answered = envelope(
        "survey-1", "survey.answered", source="/seoul/survey", customer={"phone": "010-0000-8765"}, **told
    )
    receive(hidden.organization, [answered | {"time": timezone.now().isoformat()}], sender=TILL, at=timezone.now())
    follow_answers(hidden.organization, at=timezone.now())
    world.made |= {
        "point": point.public_id,
        "answer": SurveyAnswer.objects.get(organization=hidden.organization).public_id,
    }


def _point(world: World) -> dict[str, Any]:
    return {"point_id": world.made["point"]}


def _answer(world: World) -> dict[str, Any]:
    return {"answer_id": world.made["answer"]}


_BY_LINK = Excused("opens to whoever has the signed link; tests/kpi/surveys/test_answering.py tries forged ones")

ROUTES: dict[str, Route] = {
    "kpi:survey": _BY_LINK,
    "kpi:survey_stop": _BY_LINK,
    "kpi:survey_point": _BY_LINK,
    "kpi:survey_tablet": _BY_LINK,
    "kpi:survey_answers": Listed(),
    "kpi:survey_answer": Named(_answer),
    "kpi:survey_settings": Listed(),
    "kpi:survey_plan": Excused("names an occasion, of which each organization has its own row"),
    "kpi:survey_points": Listed(),
    "kpi:survey_card": Named(_point),
    "kpi:survey_switch": Named(_point),
    "kpi:survey_qr_svg": Named(_point),
    "kpi:survey_qr_png": Named(_point),
}

POPULATE: list[Callable[[World], None]] = [_add_surveys]
