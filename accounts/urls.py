"""Addresses of the accounts room. Log-in lives in login_urls.py, under allauth's own names."""

from django.urls import path

from accounts.views import (
    audit_log,
    centers,
    organization,
    people,
    profile,
    settings_index,
    start,
    stores,
    welcome,
)

app_name = "accounts"

urlpatterns = [
    path("", start.start, name="start"),
    path("language/", start.set_language, name="set_language"),
    path("welcome/", welcome.welcome, name="welcome"),
    path("welcome/done/", welcome.welcome_done, name="welcome_done"),
    path("profile/", profile.profile, name="profile"),
    path("settings/", settings_index.settings_index, name="settings"),
    path("settings/organization/", organization.organization, name="organization"),
    path("settings/centers/", centers.center_list, name="center_list"),
    path("settings/centers/new/", centers.center_create, name="center_create"),
    path("settings/centers/<uuid:center_id>/", centers.center_detail, name="center_detail"),
    path("settings/centers/<uuid:center_id>/update/", centers.center_update, name="center_update"),
    path("settings/centers/<uuid:center_id>/schedule/", centers.center_set_schedule, name="center_set_schedule"),
    path("settings/stores/", stores.store_list, name="store_list"),
    path("settings/stores/new/", stores.store_create, name="store_create"),
    path("settings/stores/<uuid:store_id>/", stores.store_detail, name="store_detail"),
    path("settings/people/", people.person_list, name="person_list"),
    path("settings/people/new/", people.person_create, name="person_create"),
    path("settings/people/<uuid:person_id>/", people.person_detail, name="person_detail"),
    path("settings/people/<uuid:person_id>/update/", people.person_update, name="person_update"),
    path("settings/people/<uuid:person_id>/role/", people.person_change_role, name="person_change_role"),
    path("settings/people/<uuid:person_id>/deactivate/", people.person_deactivate, name="person_deactivate"),
    path("settings/people/<uuid:person_id>/reactivate/", people.person_reactivate, name="person_reactivate"),
    path(
        "settings/people/<uuid:person_id>/reset-password/",
        people.person_reset_password,
        name="person_reset_password",
    ),
    path(
        "settings/people/<uuid:person_id>/remove-second-factor/",
        people.person_remove_second_factor,
        name="person_remove_second_factor",
    ),
    path("settings/audit/", audit_log.audit_log, name="audit_log"),
    path("settings/audit/export/", audit_log.audit_export, name="audit_export"),
    path("settings/audit/reviews/", audit_log.audit_reviews, name="audit_reviews"),
    path("settings/audit/reviews/<str:month>/", audit_log.audit_review, name="audit_review"),
]
