"""The operator's view of organizations and people. Reads; what changes goes through commands and settings.

Log-in to it is the hub's own, with its lock and its second factor.
"""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest

from accounts.models import (
    AuditEntry,
    AuditReview,
    Center,
    CenterSchedule,
    Organization,
    Person,
    Store,
)

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Shows rows and changes none: a change here would pass by the actions, and by the audit trail."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Organization)
class OrganizationAdmin(ReadOnlyAdmin):
    list_display = ("slug", "name", "timezone", "currency", "created_at")
    search_fields = ("slug", "name")
    ordering = ("slug",)


@admin.register(Center, Store)
class PlaceAdmin(ReadOnlyAdmin):
    list_display = ("slug", "name", "organization", "created_at")
    list_filter = ("organization",)
    list_select_related = ("organization",)
    search_fields = ("slug", "name")
    ordering = ("organization", "slug")


@admin.register(CenterSchedule)
class CenterScheduleAdmin(ReadOnlyAdmin):
    list_display = ("center", "organization", "effective_from")
    list_filter = ("organization",)
    list_select_related = ("organization", "center")
    ordering = ("organization", "center", "-effective_from")


@admin.register(Person)
class PersonAdmin(ReadOnlyAdmin):
    list_display = ("email", "name", "organization", "role", "is_active", "last_login")
    list_filter = ("organization", "role", "is_active")
    list_select_related = ("organization",)
    search_fields = ("email", "name")
    ordering = ("organization", "email")
    exclude = ("password",)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("organization", "sequence", "at", "actor", "action", "obj", "ip")
    list_filter = ("organization", "action")
    list_select_related = ("organization",)
    ordering = ("organization", "-sequence")
    show_full_result_count = False


@admin.register(AuditReview)
class AuditReviewAdmin(ReadOnlyAdmin):
    list_display = ("organization", "month_date", "reviewed_by", "reviewed_at")
    list_select_related = ("organization", "reviewed_by")
    ordering = ("organization", "-month_date")
