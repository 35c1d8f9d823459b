"""What kind each of the room's routes is, for tests/test_isolation.py."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from channels_app.intake import receive
from kpi.actions.surveys_following import follow_answers
from kpi.actions.surveys_settings import make_point
from kpi.models import Export, SurveyAnswer
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


def _export(world: World) -> dict[str, Any]:
    return {"export_id": world.made["export"].public_id}


def make_export(world: World) -> None:
    world.made["export"] = Export.objects.create(
        organization=world.hidden.organization,
        person=world.hidden.owner,
        query={"table": "cut", "period": "lastweek"},
        format="csv",
        created_at=timezone.now(),
    )


ROUTES: dict[str, Route] = {
    "kpi:dashboard": Listed(),
    "kpi:now": Listed(),
    "kpi:waiting": Listed(),
    "kpi:part": Excused("names a part; shows the reader's own organization, see test_dashboard"),
    "kpi:tickets": Listed("?figure=volume&part=tickets"),
    "kpi:my_day": Listed(),
    "kpi:compared": Listed(),
    "kpi:export": Listed("?table=tickets&figure=volume&part=tickets", {"format": "csv", "reason": "시험"}),
    "kpi:export_list": Listed(),
    "kpi:export_detail": Named(_export),
    "kpi:export_progress": Named(_export),
    "kpi:export_file": Named(_export),
    "kpi:goals": Listed(),
    "kpi:openness": Listed(),
    "kpi:mails": Listed(),
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

POPULATE: list[Callable[[World], None]] = [make_export, _add_surveys]
