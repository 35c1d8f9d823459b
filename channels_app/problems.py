"""What can be wrong with what arrives, as RFC 9457 problem documents.

A `Problem` holds codes and values, no sentences: it can be kept, and is worded only when somebody reads it, in her
language. Knows neither the checks that find a problem nor HTTP; every kind of problem the API answers with is here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from channels_app.expectations import EXPECTATIONS

_RECEIVED_LENGTH = 80  # characters: enough to recognise a value, too few to repeat a letter


@dataclass(frozen=True, slots=True)
class ProblemKind:
    slug: str
    status: int
    title: str | Promise
    detail: str | Promise  # may name %(field)s and the problem's params

    @property
    def uri(self) -> str:
        """The problem's `type`: a stable path below the hub, where a page explains it."""
        return f"/problems/{self.slug}"


PROBLEM_KINDS = {
    kind.slug: kind
    for kind in [
        # What is wrong with one event: it refuses itself and nothing beside it.
        ProblemKind("not-an-event", 422, _("Not an event"), _("An event is a JSON object in the form of CloudEvents 1.0.")),
        ProblemKind("missing-field", 422, _("A field is missing"), _("%(field)s is required and was not sent.")),
        ProblemKind("invalid-field", 422, _("A field is not valid"), _("%(field)s does not hold what is expected there.")),
        ProblemKind("unknown-type", 422, _("Unknown event type"), _("There is no event type of this name.")),
        ProblemKind("time-without-offset", 422, _("Time without offset"), _("time says no offset from UTC, so the instant cannot be known.")),
        ProblemKind("time-in-the-future", 422, _("Time is ahead"), _("time lies more than 5 minutes ahead. Check the sender's clock.")),
        ProblemKind("time-too-old", 422, _("Time is too old"), _("time lies before 1970.")),
        ProblemKind("invalid-characters", 422, _("Unusable characters"), _("%(field)s holds a NUL character or half of a surrogate pair.")),
        ProblemKind("invalid-number", 422, _("Not a usable number"), _("%(field)s is not a finite number of usable size.")),
        ProblemKind("too-deep", 422, _("Nested too deeply"), _("%(field)s is nested more than %(limit)s levels deep.")),
        ProblemKind("event-too-large", 422, _("Event too large"), _("One event may take up to %(limit)s bytes.")),
        ProblemKind("invalid-phone", 422, _("Not a phone number"), _("%(field)s is neither a phone number nor a masked or withheld one.")),
        ProblemKind("invalid-email", 422, _("Not an e-mail address"), _("%(field)s is not an e-mail address.")),
        ProblemKind("no-identity", 422, _("Nobody is named"), _("%(field)s names no identity: no phone, e-mail, member number or channel id that identifies somebody.")),
        ProblemKind("source-not-allowed", 403, _("Source not allowed"), _("This key may not write events of this source.")),
        # What is wrong with a whole request.
        ProblemKind("invalid-json", 400, _("Not valid JSON"), _("The body is not JSON in UTF-8.")),
        ProblemKind("invalid-query", 400, _("Query not understood"), _("The parameter %(field)s is not understood.")),
        ProblemKind("empty-batch", 422, _("Empty batch"), _("The list holds no event.")),
        ProblemKind("batch-too-long", 413, _("Batch too long"), _("A batch holds up to %(limit)s events.")),
        ProblemKind("body-too-large", 413, _("Body too large"), _("A request body may have up to %(limit)s bytes.")),
        ProblemKind("unsupported-media-type", 415, _("Media type not supported"), _("Send application/cloudevents+json, application/cloudevents-batch+json or application/json.")),
        ProblemKind("unsupported-encoding", 415, _("Encoding not supported"), _("Send the body as it is, without Content-Encoding.")),
        ProblemKind("not-a-mail", 422, _("Not a mail"), _("Send one raw mail (RFC 5322) as message/rfc822.")),
        ProblemKind("no-such-mailbox", 422, _("No such mailbox"), _("None of the addresses that the mail went to belongs to a channel account here.")),
        ProblemKind("unauthorized", 401, _("Key not accepted"), _("Send a valid key: Authorization: Bearer <key>. It may have expired or been revoked.")),
        ProblemKind("scope-not-allowed", 403, _("Not allowed"), _("This key has no permission for that.")),
        ProblemKind("not-found", 404, _("Not found"), _("There is nothing here under this address.")),
        ProblemKind("method-not-allowed", 405, _("Method not allowed"), _("This address does not take this method.")),
        ProblemKind("rate-limited", 429, _("Too many requests"), _("The limit of this key is reached. Try again in %(seconds)s seconds.")),
        ProblemKind("figures-behind", 503, _("Figures are being worked out"), _("A large amount of history has just come in. Ask again in %(seconds)s seconds.")),
        ProblemKind("unavailable", 503, _("Not available now"), _("The hub cannot take this now. Nothing was stored; send it again later.")),
    ]
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where.

    `field` is a path such as `data.items[0].amount`; `expected` a key of EXPECTATIONS; `params` fill the wording of
    both; `received` is what was sent there, shortened.
    """

    kind: str
    field: str = ""
    expected: str = ""
    params: Mapping[str, Any] = dataclass_field(default_factory=dict)
    received: str | None = None

    @property
    def status(self) -> int:
        return PROBLEM_KINDS[self.kind].status

    def as_json(self) -> dict[str, Any]:
        """For keeping: plain JSON from which `from_json` makes an equal problem."""
        return {
            "kind": self.kind,
            "field": self.field,
            "expected": self.expected,
            "params": dict(self.params),
            "received": self.received,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Problem:
        return cls(**kept)


class Refused(Exception):
    """What arrived cannot be taken; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.kind, problem.field)
        self.problem = problem


def render(problem: Problem, language: str | None = None) -> dict[str, Any]:
    """The problem document, worded in `language` (`ko`, `en`; None: the active one)."""
    kind = PROBLEM_KINDS[problem.kind]
    words = {"field": problem.field, **problem.params}
    with translation.override(language) if language else nullcontext():
        document = {
            "type": kind.uri,
            "title": str(kind.title),
            "status": kind.status,
            "detail": str(kind.detail) % words,
        }
        if problem.field:
            document["field"] = problem.field
        if problem.expected:
            document["expected"] = str(EXPECTATIONS[problem.expected]) % words
        if problem.received is not None:
            document["received"] = problem.received
    return document


def shorten(value: object) -> str:
    """A JSON value as a problem shows it: as sent, but cut; lists and objects by their size only."""
    if isinstance(value, dict):
        return f"{{…{len(value)}}}"
    if isinstance(value, list | tuple):
        return f"[…{len(value)}]"
    if isinstance(value, int) and abs(value) >= 10**_RECEIVED_LENGTH:
        return "1…" if value > 0 else "-1…"
    if isinstance(value, str):
        value = value[: _RECEIVED_LENGTH + 1]
    written = json.dumps(value, ensure_ascii=False, default=repr)
    written = written.encode("utf-8", "backslashreplace").decode()
    return written if len(written) <= _RECEIVED_LENGTH else written[: _RECEIVED_LENGTH - 1] + "…"
