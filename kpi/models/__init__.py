"""One file for each concept; here are their names."""

from kpi.models.day import Day
from kpi.models.fact import FactRow
from kpi.models.following import Change, Following, KnownMerge, Setting
from kpi.models.survey import Survey, SurveyOptOut
from kpi.models.survey_answer import SurveyAnswer
from kpi.models.survey_point import SurveyPoint
from kpi.models.survey_settings import SurveyPlan, SurveySettings

__all__ = [
    "Change",
    "Day",
    "FactRow",
    "Following",
    "KnownMerge",
    "Setting",
    "Survey",
    "SurveyAnswer",
    "SurveyOptOut",
    "SurveyPlan",
    "SurveyPoint",
    "SurveySettings",
]
