"""Addresses of the inbox."""

from django.urls import path

from tickets.views import acts, alarms, availability, handling, inbox, many, routing, saved_views, ticket

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
    path("inbox/<uuid:ticket_id>/assign/", acts.assign, name="assign"),
    path("inbox/<uuid:ticket_id>/resolve/", acts.resolve, name="resolve"),
    path("inbox/<uuid:ticket_id>/reopen/", acts.reopen, name="reopen"),
    path("inbox/<uuid:ticket_id>/move/", acts.move, name="move"),
    path("inbox/<uuid:ticket_id>/confirm/", acts.confirm, name="confirm"),
    path("inbox/<uuid:ticket_id>/snooze/", handling.snooze, name="snooze"),
    path("inbox/<uuid:ticket_id>/wake/", handling.wake, name="wake"),
    path("inbox/<uuid:ticket_id>/priority/", handling.priority, name="priority"),
    path("inbox/<uuid:ticket_id>/tags/", handling.tags, name="tags"),
    path("inbox/<uuid:ticket_id>/unassign/", handling.unassign, name="unassign"),
    path("inbox/<uuid:ticket_id>/transfer/", handling.transfer, name="transfer"),
    path("inbox/<uuid:ticket_id>/escalate/", handling.escalate, name="escalate"),
    path("inbox/<uuid:ticket_id>/link/", handling.link, name="link"),
    path("inbox/<uuid:ticket_id>/unlink/", handling.unlink, name="unlink"),
    path("inbox/many/undo/", many.undo, name="many_undo"),
    *(path(f"inbox/many/{act}/", many.many, {"act": act}, name=f"many_{act}") for act in many.ACTS),
    path("inbox/views/", saved_views.saved_views, name="saved_views"),
    path("inbox/views/<uuid:view_id>/", saved_views.change, name="saved_view"),
    path("inbox/views/<uuid:view_id>/up/", saved_views.up, name="saved_view_up"),
    path("inbox/views/<uuid:view_id>/delete/", saved_views.delete, name="saved_view_delete"),
    path("inbox/tags/", saved_views.tag_list, name="tag_names"),
]
