"""The routes of keys, refused events, imports, widgets and the API, for the isolation test.

The API opens to keys, not to people: test_api_isolation.py tries it with another organization's key.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from channels_app.api.actions import create_api_key
from channels_app.intake import receive
from channels_app.mail.account_actions import AccountContent, create_mail_account
from channels_app.mail.settings import MailSettings
from channels_app.models import CallRequest, Delivery, RefusedEvent
from channels_app.models.api_key import Scope
from channels_app.sales_file.actions import upload_sales_file
from channels_app.telephony.settings_actions import set_telephony
from channels_app.widget.settings_actions import WidgetContent, create_widget
from tests.channels_app.envelopes import AT, TILL, envelope
from tests.isolation import MARK, Excused, Listed, Named, Route, World


def _add_channels(world: World) -> None:
    organization, owner = world.hidden.organization, world.hidden.owner
    key, secret = create_api_key(
        organization, name=f"키{MARK}", scopes=Scope.values, sources=["/seoul"], by=owner, at=AT
    )
    receive(organization, [envelope("bad", f"unknown.{MARK}")], sender=TILL, at=AT)
    table = f"영수증번호,일시,매장,금액\nR-1,2026-11-01 10:00,강남점 {MARK},1000\n".encode()
    sales_import = upload_sales_file(organization, [table], file_name=f"매출{MARK}.csv", by=owner, at=AT)
    widget = create_widget(
        organization, center=world.hidden.seoul, content=WidgetContent(name=f"위젯{MARK}"), by=owner, at=AT
    )
    world.made |= {
        "key": key.public_id,
        "secret": secret,
        "refused": RefusedEvent.objects.get(organization=organization).public_id,
        "import": sales_import.public_id,
        "widget": widget.public_id,
    }


def _add_delivery(world: World) -> None:
    organization, owner = world.hidden.organization, world.hidden.owner
    settings = MailSettings(takes_answers=True)
    content = AccountContent(f"하늘{MARK}", "help@hidden.example", world.hidden.seoul, True, settings)
    account = create_mail_account(organization, content, by=owner, at=AT)
    delivery = Delivery.objects.create(
        organization=organization,
        account=account,
        kind=Delivery.Kind.REPLY,
        state=Delivery.State.FAILED,
        recipient=f"{MARK}@mail.example",
        # That of the inbox's ticket.
        thread="chat:1",
        message_id="<x@hidden.example>",
        created_at=AT,
        queued_at=AT,
        due_at=AT,
        is_told=True,
    )
    world.made |= {"account": account.public_id, "delivery": delivery.public_id}


def _account(world: World) -> dict[str, UUID]:
    return {"account_id": world.made["account"]}


def _delivery(world: World) -> dict[str, UUID]:
    return {"delivery_id": world.made["delivery"]}


def _key(world: World) -> dict[str, UUID]:
    return {"key_id": world.made["key"]}


def _refused(world: World) -> dict[str, UUID]:
    return {"refused_id": world.made["refused"]}


def _import(world: World) -> dict[str, UUID]:
    return {"import_id": world.made["import"]}


def _widget(world: World) -> dict[str, UUID]:
    return {"widget_id": world.made["widget"]}


def _add_call(world: World) -> None:
    set_telephony(world.hidden.organization, adapter="simulator", by=world.hidden.owner, at=AT)
    world.made["call"] = CallRequest.objects.create(
        organization=world.hidden.organization, key=UUID(int=7), person=world.hidden.owner, number="+821000004321"
    ).public_id


def _call(world: World) -> dict[str, UUID]:
    return {"request_id": world.made["call"]}


def _recording(world: World) -> dict[str, UUID]:
    return {"ticket_id": world.made["missed"], "event_id": world.made["recording"]}


POPULATE: list[Callable[[World], None]] = [_add_channels, _add_call, _add_delivery]

BY_KEY = Excused("opens to a key alone: test_api_isolation.py")
TO_VISITORS = Excused("anybody's, on the shop's pages; a conversation opens with its visitor's own secret")
SAME_FOR_ALL = Excused("the same for everybody, without anything of an organization")

ROUTES: dict[str, Route] = {
    "channels:consents": Listed(),
    "channels:consent_page": Excused("opens to whoever has the signed link; test_notices.py tries forged ones"),
    "channels:api-events": BY_KEY,
    "channels:api-customers": BY_KEY,
    "channels:api-customer": BY_KEY,
    "channels:api-mail": BY_KEY,
    "channels:api-kpi": BY_KEY,
    "channels:api-not-found": SAME_FOR_ALL,
    "channels:api-schema": SAME_FOR_ALL,
    "channels:api-docs": SAME_FOR_ALL,
    "channels:problem_list": SAME_FOR_ALL,
    "channels:problem_detail": SAME_FOR_ALL,
    "channels:key_list": Listed(),
    "channels:key_new": Listed(),
    "channels:key_revoke": Named(_key),
    "channels:refused_list": Listed(),
    "channels:refused_send_again": Listed(post={"all": "1"}),
    "channels:refused_detail": Named(_refused),
    "channels:refused_discard": Named(_refused),
    "channels:account_list": Listed(),
    "channels:account_new": Listed(),
    "channels:account_detail": Named(_account),
    "channels:account_trial": Named(_account),
    "channels:delivery_list": Listed(),
    "channels:deliveries_again": Listed(post={"all": "1"}),
    "channels:delivery_detail": Named(_delivery),
    "channels:import_list": Listed(),
    "channels:import_detail": Named(_import),
    "channels:import_progress": Named(_import),
    "channels:import_columns": Named(_import),
    "channels:import_encoding": Named(_import),
    "channels:import_reopen": Named(_import),
    "channels:import_start": Named(_import),
    "channels:import_cancel": Named(_import),
    "channels:import_refused": Named(_import),
    "channels:sms": Listed(),
    "channels:messenger": Listed(),
    "channels:sms_reports": Excused("takes what is signed by the account's secret; test_reports.py tries forged ones"),
    "channels:telephony": Listed(post={"adapter": "none", "url": ""}),
    # Its form names a number of the customer's.
    "channels:call": Named(lambda world: {"ticket_id": world.made["ticket"]}, opens_for_own=False),
    "channels:call_card": Named(_call),
    "channels:call_again": Named(_call),
    "channels:recording": Named(_recording),
    "channels:widget_list": Listed(),
    "channels:widget_new": Listed(),
    "channels:widget_detail": Named(_widget),
    "channels:widget_secret": Named(_widget),
    "channels:widget_js": TO_VISITORS,
    "channels:widget_session": TO_VISITORS,
    "channels:widget_messages": TO_VISITORS,
    "channels:widget_fetch": TO_VISITORS,
    "channels:widget_about": TO_VISITORS,
    "channels:widget_conversations": TO_VISITORS,
    "channels:widget_begin": TO_VISITORS,
    "channels:widget_survey": TO_VISITORS,
    "channels:widget_upload": TO_VISITORS,
    "channels:widget_read_file": TO_VISITORS,
    "channels:widget_drop_file": TO_VISITORS,
    "channels:widget_transcript": TO_VISITORS,
    "channels:shop": TO_VISITORS,
}
