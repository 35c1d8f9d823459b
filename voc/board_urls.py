"""Addresses of the board, of alarms and of improvements."""

from django.urls import path

from voc.views import alarms, board, improvements

urlpatterns = [
    path("voc/", board.board, name="board"),
    path("voc/topics/<uuid:topic_id>/", board.topic, name="board_topic"),
    path("voc/sentences/", board.sentences, name="sentences"),
    path("voc/alarms/", alarms.alarms, name="alarms"),
    path("voc/alarms/read/", alarms.read_all, name="alarms_read"),
    path("voc/alarms/digest/", alarms.switch_digest, name="digest_switch"),
    path("voc/alarms/<uuid:notice_id>/", alarms.alarm, name="alarm"),
    path("voc/alarms/<uuid:notice_id>/read/", alarms.read, name="alarm_read"),
    path("voc/improvements/", improvements.improvements, name="improvements"),
    path("voc/improvements/new/", improvements.new, name="improvement_new"),
    path("voc/improvements/<uuid:improvement_id>/", improvements.detail, name="improvement"),
    path("voc/improvements/<uuid:improvement_id>/edit/", improvements.edit, name="improvement_edit"),
    path("voc/improvements/<uuid:improvement_id>/move/", improvements.move, name="improvement_move"),
    path("voc/improvements/<uuid:improvement_id>/voices/", improvements.answer, name="improvement_answer"),
    path(
        "voc/improvements/<uuid:improvement_id>/voices/<uuid:voice_id>/leave/",
        improvements.leave,
        name="improvement_leave",
    ),
    path("voc/improvements/<uuid:improvement_id>/tell/", improvements.tell, name="improvement_tell"),
]
