"""The demo shop: a page of a small clothing shop with the widget on it. There only where the demo organization is."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_GET

from channels_app.widget import queries

DEMO_ORGANIZATION = "haneul"


@dataclass(frozen=True)
class Garment:
    """`drawing` is a symbol of the page's own drawings, `tone` a class of its style sheet. Prices are KRW."""

    name: str
    english: str
    price: int
    drawing: str
    tone: str
    was: int | None = None
    badge: str = ""


GARMENTS = (
    Garment("핸드메이드 울 코트", "Handmade wool coat", 289_000, "coat", "camel", was=329_000, badge="best"),
    Garment("라운드 케이블 니트", "Cable knit sweater", 69_000, "knit", "ivory"),
    Garment("코듀로이 셔츠 재킷", "Corduroy overshirt", 98_000, "shirt", "moss", badge="new"),
    Garment("와이드 울 슬랙스", "Wide wool trousers", 79_000, "trousers", "ink"),
    Garment("플란넬 셔츠 원피스", "Flannel shirt dress", 119_000, "dress", "brick", was=139_000),
    Garment("램스울 머플러", "Lambswool scarf", 39_000, "scarf", "sky", badge="new"),
)


@require_GET
def shop(request: HttpRequest) -> HttpResponse:
    found = queries.shop_widget(DEMO_ORGANIZATION)
    if found is None:
        raise Http404
    organization, widget = found
    language = request.GET.get("lang", "ko")
    language = language if language in ("ko", "en") else get_language_from_request(request)
    context = {"organization": organization, "widget": widget, "garments": GARMENTS, "language": language}
    with translation.override(language):
        return render(request, "channels_app/widget/shop.html", context)
