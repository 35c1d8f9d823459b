"""Settings: the topics that customers talk about, by which words they are known, and merging two into one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import open_to, organization_of, person_of
from accounts.policies import Permission
from tickets.models import Topic
from voc.actions import topics as acts
from voc.forms import MergeForm, TopicForm
from voc.models import TopicWords
from voc.queries.topics import possible_parents, standing, topic_for, topic_rows


@require_GET
@open_to(Permission.EDIT_TOPICS)
def topic_list(request: HttpRequest) -> HttpResponse:
    acts.begin_topics(organization_of(request), at=now())
    return render(request, "voc/settings/topics.html", {"rows": topic_rows(person_of(request))})


@require_http_methods(["GET", "POST"])
@open_to(Permission.EDIT_TOPICS)
def new(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = TopicForm(request.POST or None, parents=possible_parents(person))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            topic = acts.add_topic(
                organization_of(request), name=said["name"], parent=said["parent"], by=person, at=now()
            )
            told = {name: said[name] for name in ("name", "parent", "is_offered", "cues", "examples")}
            acts.edit_topic(topic, **told, by=person, at=now())
        except acts.TopicRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The topic was added. What was said before is looked through for it."))
            return redirect("voc:topics")
    return render(request, "voc/settings/topic.html", {"form": form}, status=_status(form))


@require_http_methods(["GET", "POST"])
@open_to(Permission.EDIT_TOPICS)
def detail(request: HttpRequest, topic_id: UUID) -> HttpResponse:
    person = person_of(request)
    topic = topic_for(person, topic_id)
    form = TopicForm(request.POST or None, initial=_initial(topic), parents=possible_parents(person, topic))
    if request.method == "POST" and form.is_valid():
        try:
            acts.edit_topic(topic, **form.cleaned_data, by=person, at=now())
        except acts.TopicRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("voc:topics")
    return _page(request, topic, form, None)


@require_POST
@open_to(Permission.EDIT_TOPICS)
def merge(request: HttpRequest, topic_id: UUID) -> HttpResponse:
    person = person_of(request)
    topic = topic_for(person, topic_id)
    form = MergeForm(request.POST, topics=standing(person).exclude(pk=topic.pk))
    if form.is_valid():
        into: Topic = form.cleaned_data["into"]
        try:
            acts.merge_topic(topic, into, by=person, at=now())
        except acts.TopicRefused as refused:
            form.add_error("into", str(refused))
        else:
            names = {"name": topic.name, "into": into.name}
            messages.success(request, _("“%(name)s” was merged into “%(into)s”. Nothing said is lost.") % names)
            return redirect("voc:topics")
    edit = TopicForm(initial=_initial(topic), parents=possible_parents(person, topic))
    return _page(request, topic, edit, form)


def _page(request: HttpRequest, topic: Topic, form: TopicForm, merge_form: MergeForm | None) -> HttpResponse:
    person = person_of(request)
    context = {
        "topic": topic,
        "form": form,
        "merge_form": merge_form or MergeForm(topics=standing(person).exclude(pk=topic.pk)),
        "absorbed": [one.name for one in topic.absorbed.order_by("name")],
    }
    return render(request, "voc/settings/topic.html", context, status=_status(merge_form or form))


def _initial(topic: Topic) -> dict[str, object]:
    words = TopicWords.objects.filter(topic=topic).first()
    return {
        "name": topic.name,
        "parent": topic.parent.slug if topic.parent else None,
        "is_offered": topic.is_offered,
        "cues": words.cues if words else "",
        "examples": words.examples if words else "",
    }


def _status(form: TopicForm | MergeForm) -> int:
    return 422 if form.is_bound and form.errors else 200
