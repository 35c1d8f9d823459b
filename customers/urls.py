"""Addresses of the customers' room: the counter, the customer page, who is who."""

from django.urls import path

from customers.views import consents, counter, editing, exporting, merging, pages, revealing, search

app_name = "customers"
urlpatterns = [
    path("counter/", counter.counter, name="counter"),
    path("counter/<uuid:customer_id>/", counter.counter_customer, name="counter_customer"),
    path("counter/<uuid:customer_id>/note/", counter.counter_note, name="counter_note"),
    path("counter/<uuid:customer_id>/inquiry/", counter.counter_inquiry, name="counter_inquiry"),
    path("customers/", pages.index, name="index"),
    path("customers/search/", search.search, name="search"),
    path("customers/suggestions/", merging.suggestions, name="suggestions"),
    path("customers/suggestions/<uuid:suggestion_id>/", merging.compare, name="compare"),
    path("customers/suggestions/<uuid:suggestion_id>/accept/", merging.accept, name="accept"),
    path("customers/suggestions/<uuid:suggestion_id>/dismiss/", merging.dismiss, name="dismiss"),
    path("customers/<uuid:customer_id>/", pages.detail, name="detail"),
    path("customers/<uuid:customer_id>/timeline/", pages.timeline, name="timeline"),
    path("customers/<uuid:customer_id>/name/", editing.rename, name="rename"),
    path("customers/<uuid:customer_id>/memo/", editing.memo, name="memo"),
    path("customers/<uuid:customer_id>/reveal/", revealing.reveal_customer, name="reveal"),
    path("customers/<uuid:customer_id>/consents/", consents.consents, name="consents"),
    path("customers/<uuid:customer_id>/export/", exporting.export, name="export"),
    path("customers/<uuid:customer_id>/unmerge/<uuid:merged_id>/", merging.unmerge, name="unmerge"),
]
