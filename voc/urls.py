"""Addresses of the room's screens."""

from django.urls import path

from voc.views import alarms, board, desk, improvements, learning, topics

app_name = "voc"

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
    path("voc/tickets/<uuid:ticket_id>/marks/", desk.marks, name="marks"),
    path("voc/voices/<uuid:voice_id>/", desk.voice, name="voice"),
    path("voc/customers/<uuid:customer_id>/curve/", desk.curve, name="curve"),
    path("voc/settings/topics/", topics.topic_list, name="topics"),
    path("voc/settings/topics/new/", topics.new, name="topic_new"),
    path("voc/settings/topics/<uuid:topic_id>/", topics.detail, name="topic"),
    path("voc/settings/topics/<uuid:topic_id>/merge/", topics.merge, name="topic_merge"),
    path("voc/settings/learning/", learning.learning, name="learning"),
    path("voc/settings/learning/<uuid:layer_id>/", learning.layer, name="layer"),
    path("voc/settings/learning/<uuid:layer_id>/back/", learning.back, name="layer_back"),
    path("voc/settings/learning/<uuid:layer_id>/again/", learning.again, name="layer_again"),
]
