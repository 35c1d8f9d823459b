"""One file for each concept; here are their names."""

from kpi.models.day import Day
from kpi.models.digest import DigestAttempt, DigestMail, DigestSettings, Rhythm
from kpi.models.export import Export
from kpi.models.fact import FactRow
from kpi.models.following import Change, Following, KnownMerge, Setting
from kpi.models.goal import Goal, Openness
from kpi.models.survey import Survey, SurveyOptOut
from kpi.models.survey_answer import SurveyAnswer
from kpi.models.survey_point import SurveyPoint
from kpi.models.survey_settings import SurveyPlan, SurveySettings

__all__ = [
    "Change",
    "Day",
    "DigestAttempt",
    "DigestMail",
    "DigestSettings",
    "Export",
    "FactRow",
    "Following",
    "Goal",
    "KnownMerge",
    "Openness",
    "Rhythm",
    "Setting",
    "Survey",
    "SurveyAnswer",
    "SurveyOptOut",
    "SurveyPlan",
    "SurveyPoint",
    "SurveySettings",
]
