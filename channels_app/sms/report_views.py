"""Where a provider tells what became of texts. No log-in: what is not signed by the account's secret is refused."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from channels_app.deliveries.reporting import note_report
from channels_app.models import ChannelAccount
from channels_app.sms.reports import NotAReport, is_from_provider, read_reports

BODY_BYTES = 1024 * 1024


@csrf_exempt
@require_POST
def reports(request: HttpRequest, account_id: UUID) -> JsonResponse:
    """Answers how many reports changed something; a repeat changes nothing and is answered the same way."""
    account = ChannelAccount.objects.filter(public_id=account_id, adapter="sms").first()
    try:
        body = request.body
    except RequestDataTooBig:
        return JsonResponse({"error": "too large"}, status=413)
    if len(body) > BODY_BYTES:
        return JsonResponse({"error": "too large"}, status=413)
    if account is None or not is_from_provider(account, body, request.headers):
        return JsonResponse({"error": "not signed by this account's secret"}, status=403)
    try:
        found = read_reports(account, body)
    except NotAReport:
        told = "expected one report or a list of up to 500: id, status (delivered or failed), reason"
        return JsonResponse({"error": told}, status=422)
    changed = sum(
        note_report(account, report.key, has_arrived=report.has_arrived, reason=report.reason, at=timezone.now())
        for report in found
    )
    return JsonResponse({"taken": len(found), "changed": changed})
