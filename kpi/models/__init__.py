"""One file for each concept; here are their names."""

from kpi.models.survey import Survey, SurveyOptOut
from kpi.models.survey_answer import SurveyAnswer
from kpi.models.survey_point import SurveyPoint
from kpi.models.survey_settings import SurveyPlan, SurveySettings

__all__ = ["Survey", "SurveyAnswer", "SurveyOptOut", "SurveyPlan", "SurveyPoint", "SurveySettings"]
