"""Files of a conversation at the desk: uploaded, removed before they are sent, shown and saved.

Whatever a stranger sent is never a page of the hub's: it comes as a download, or as a picture in a sandbox.
"""

from __future__ import annotations

from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Person
from accounts.queries import NotFound
from channels_app.hub.attaching import carries_files
from cxhub.identifiers import is_uuid
from tickets import policies
from tickets.actions.attachments import CannotAttach, drop_upload, keep_upload
from tickets.models import Attachment, Ticket
from tickets.queries.attachments import attachment_for, uploads_told
from tickets.queries.merges import merged_into
from tickets.views.acts import act

# A picture is drawn anew with each opening of its conversation, and never changes.
KEPT_SECONDS = 600


@act(policies.may_reply, methods=("GET", "POST"))
def upload(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    """GET: what she has uploaded here and not sent. POST: one file, for the answer that is being written."""
    if request.method == "GET":
        return JsonResponse({"files": uploads_told(ticket.organization_id, ticket.thread, by=person)})
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return _refused(_("Choose a file first."))
    if not any(carries_files(one) for one in (ticket, *merged_into(ticket))):
        return _refused(_("This channel carries no files."))
    try:
        key = request.POST.get("key", "")
        kept = keep_upload(
            ticket.organization,
            ticket.thread,
            file,
            by=person,
            at=timezone.now(),
            key=UUID(key) if is_uuid(key) else None,
        )
    except CannotAttach as refusal:
        return _refused(str(refusal))
    return JsonResponse(kept.as_told() | {"is_sent": kept.event is not None}, status=201)


@act(policies.may_reply)
def remove(request: HttpRequest, person: Person, ticket: Ticket, attachment_id: UUID) -> HttpResponse:
    drop_upload(ticket.organization_id, ticket.thread, attachment_id, by=person)
    return HttpResponse(status=204)


@act(policies.may_reply, methods=("GET",))
def attachment(request: HttpRequest, person: Person, ticket: Ticket, attachment_id: UUID) -> FileResponse:
    """A picture in its place; anything else, and a picture with `?save`, as a download that is written down."""
    found = attachment_for(person, ticket, attachment_id)
    is_shown = found.is_picture and "save" not in request.GET
    response = served(found, is_shown=is_shown)
    if not is_shown:
        audit.record_for(
            request,
            action="tickets.attachment.save",
            obj=f"attachment {found.public_id}",
            customer_id=ticket.customer.public_id if ticket.customer else None,
        )
    return response


def served(found: Attachment, *, is_shown: bool) -> FileResponse:
    """The file's content as what it was found to be. Raises NotFound where it is lost."""
    try:
        file = found.file.open("rb")
    except FileNotFoundError as error:
        raise NotFound from error
    response = FileResponse(file, as_attachment=not is_shown, filename=found.name, content_type=found.media_type)
    # Should a browser take it for a page after all: one without scripts, without an origin, without anything to load.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = f"private, max-age={KEPT_SECONDS if is_shown else 0}"
    return response


def _refused(problem: str) -> HttpResponse:
    return HttpResponse(problem, status=422, content_type="text/plain; charset=utf-8")
