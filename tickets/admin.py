"""The operator's view of tickets and topics. Reads: a ticket follows from its events, topics are set by an action."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from tickets.models import Ticket, Topic


@admin.register(Ticket)
class TicketAdmin(ReadOnlyAdmin):
    list_display = (
        "public_id",
        "organization",
        "channel",
        "center",
        "status",
        "agent_email",
        "opened_at",
        "last_event_at",
    )
    list_filter = ("organization", "status", "channel")
    list_select_related = ("organization", "center")
    search_fields = ("public_id", "thread")
    ordering = ("-last_event_at", "-pk")
    # What was said belongs to the organization, not to who runs the machine.
    exclude = ("last_text",)
    raw_id_fields = ("opened_event", "customer", "replaced_by")
    show_full_result_count = False


@admin.register(Topic)
class TopicAdmin(ReadOnlyAdmin):
    list_display = ("slug", "name", "organization", "position", "is_offered")
    list_filter = ("organization", "is_offered")
    list_select_related = ("organization",)
    ordering = ("organization", "position", "slug")
