"""What each problem's `type` leads to: a page that explains it, to whoever writes the sender. In both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from channels_app.problems import PROBLEM_KINDS, ProblemKind

LANGUAGES = ("ko", "en")


class _Placeholders(Mapping[str, str]):
    """Stands where a problem's own particulars would: `%(field)s` reads `field`."""

    def __getitem__(self, name: str) -> str:
        return f"‹{name}›"

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0


@require_safe
def problem_list(request: HttpRequest) -> HttpResponse:
    return render(request, "channels_app/api/problems.html", {"problems": [_shown(k) for k in PROBLEM_KINDS.values()]})


@require_safe
def problem_detail(request: HttpRequest, slug: str) -> HttpResponse:
    kind = PROBLEM_KINDS.get(slug)
    if kind is None:
        raise Http404
    return render(request, "channels_app/api/problem.html", {"problem": _shown(kind)})


def _shown(kind: ProblemKind) -> dict[str, Any]:
    words = []
    for language in LANGUAGES:
        with translation.override(language):
            words.append({"language": language, "title": str(kind.title), "detail": str(kind.detail) % _Placeholders()})
    return {"slug": kind.slug, "status": kind.status, "uri": kind.uri, "words": words}
