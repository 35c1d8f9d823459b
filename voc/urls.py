"""Addresses of the room's screens."""

from django.urls import path

from voc.board_urls import urlpatterns as board_urlpatterns
from voc.views import desk, learning, topics

app_name = "voc"

urlpatterns = [
    *board_urlpatterns,
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
