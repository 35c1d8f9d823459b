"""Addresses of surveys: the customer's, short for text messages; the answers; the settings."""

from django.urls import path

from kpi.views import surveys_answers as answers
from kpi.views import surveys_points as points
from kpi.views import surveys_public as public
from kpi.views import surveys_settings as settings

urlpatterns = [
    path("s/q/<str:token>/", public.point, name="survey_point"),
    path("s/t/<str:token>/", public.tablet, name="survey_tablet"),
    path("s/<str:token>/", public.survey, name="survey"),
    path("s/<str:token>/stop/", public.stop, name="survey_stop"),
    path("surveys/", answers.answer_list, name="survey_answers"),
    path("surveys/<uuid:answer_id>/", answers.answer_detail, name="survey_answer"),
    path("settings/surveys/", settings.overview, name="survey_settings"),
    path("settings/surveys/codes/", points.point_list, name="survey_points"),
    path("settings/surveys/codes/<uuid:point_id>/", points.card, name="survey_card"),
    path("settings/surveys/codes/<uuid:point_id>/switch/", points.switch, name="survey_switch"),
    path("settings/surveys/codes/<uuid:point_id>/qr.svg", points.svg, name="survey_qr_svg"),
    path("settings/surveys/codes/<uuid:point_id>/qr.png", points.png, name="survey_qr_png"),
    path("settings/surveys/<slug:occasion>/", settings.plan, name="survey_plan"),
]
