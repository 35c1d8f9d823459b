"""Addresses of the inbox."""

from django.urls import path

from tickets.views import acts, alarms, availability, inbox, routing, ticket

app_name = "tickets"

urlpatterns = [
    path("availability/", availability.own, name="availability"),
    path("availability/idle/", availability.idle, name="availability_idle"),
    path("team/", availability.team, name="team"),
    path("settings/centers/<uuid:center_id>/routing/", routing.center_routing, name="center_routing"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/rows/", inbox.rows, name="rows"),
    path("alarms/", alarms.alarms, name="alarms"),
    path("alarms/bell/", alarms.bell, name="alarm_bell"),
    path("alarms/read/", alarms.read_all, name="alarms_read"),
    path("alarms/mails/", alarms.switch_mails, name="alarm_mails"),
    path("alarms/<uuid:notice_id>/read/", alarms.read, name="alarm_read"),
    path("inbox/<uuid:ticket_id>/", ticket.detail, name="detail"),
    path("inbox/<uuid:ticket_id>/messages/", ticket.messages, name="messages"),
    path("inbox/<uuid:ticket_id>/head/", ticket.head, name="head"),
    path("inbox/<uuid:ticket_id>/history/", ticket.history, name="history"),
    path("inbox/<uuid:ticket_id>/caller/", inbox.caller, name="caller"),
    path("inbox/<uuid:ticket_id>/reply/", acts.reply, name="reply"),
    path("inbox/<uuid:ticket_id>/note/", acts.note, name="note"),
    path("inbox/<uuid:ticket_id>/wrap-up/", acts.wrap_up, name="wrap_up"),
    path("inbox/<uuid:ticket_id>/take/", acts.take, name="take"),
    path("inbox/<uuid:ticket_id>/hand-back/", acts.hand_back, name="hand_back"),
    path("inbox/<uuid:ticket_id>/assign/", acts.assign, name="assign"),
    path("inbox/<uuid:ticket_id>/resolve/", acts.resolve, name="resolve"),
    path("inbox/<uuid:ticket_id>/reopen/", acts.reopen, name="reopen"),
    path("inbox/<uuid:ticket_id>/move/", acts.move, name="move"),
    path("inbox/<uuid:ticket_id>/confirm/", acts.confirm, name="confirm"),
]
