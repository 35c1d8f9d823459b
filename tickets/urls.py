"""Addresses of the inbox."""

from django.urls import path

from tickets.views import acts, drafts, inbox, notes, presence, ticket

app_name = "tickets"

urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/rows/", inbox.rows, name="rows"),
    path("inbox/mentions/", presence.mentions, name="mentions"),
    path("inbox/<uuid:ticket_id>/", ticket.detail, name="detail"),
    path("inbox/<uuid:ticket_id>/messages/", ticket.messages, name="messages"),
    path("inbox/<uuid:ticket_id>/head/", ticket.head, name="head"),
    path("inbox/<uuid:ticket_id>/history/", ticket.history, name="history"),
    path("inbox/<uuid:ticket_id>/caller/", inbox.caller, name="caller"),
    path("inbox/<uuid:ticket_id>/reply/", acts.reply, name="reply"),
    path("inbox/<uuid:ticket_id>/note/", acts.note, name="note"),
    path("inbox/<uuid:ticket_id>/note/<uuid:note_id>/", notes.edit, name="edit_note"),
    path("inbox/<uuid:ticket_id>/mentionable/", notes.mentionable, name="mentionable"),
    path("inbox/<uuid:ticket_id>/draft/", drafts.draft, name="draft"),
    path("inbox/<uuid:ticket_id>/others/", presence.others, name="others"),
    path("inbox/<uuid:ticket_id>/wrap-up/", acts.wrap_up, name="wrap_up"),
    path("inbox/<uuid:ticket_id>/take/", acts.take, name="take"),
    path("inbox/<uuid:ticket_id>/assign/", acts.assign, name="assign"),
    path("inbox/<uuid:ticket_id>/resolve/", acts.resolve, name="resolve"),
    path("inbox/<uuid:ticket_id>/reopen/", acts.reopen, name="reopen"),
    path("inbox/<uuid:ticket_id>/move/", acts.move, name="move"),
    path("inbox/<uuid:ticket_id>/confirm/", acts.confirm, name="confirm"),
]
