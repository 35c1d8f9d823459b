"""Recordings are played through the hub: to whom, part by part, and honest about what cannot be played."""

from __future__ import annotations

import io
import wave
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from channels_app.models import TelephonySettings
from channels_app.telephony import recordings, tone
from channels_app.telephony.settings_actions import set_telephony
from customers.models import Event
from cxhub import outgoing
from tests.cast import Cast, make_organization
from tests.channels_app.telephony.exchanges import SOUND, Exchange
from tests.tickets.conversations import happens, logged_in, ring

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_organization()


def recorded(cast: Cast, url: str, seconds: float = 9) -> str:
    """Returns the address by which the hub plays it."""
    ticket = ring(cast.organization, "c", ago=10)
    happens(cast.organization, "call.recording", "c", url=url, seconds=seconds, ago=4, source="/seoul/call")
    event = Event.objects.get(type="call.recording")
    return f"/inbox/{ticket.public_id}/recordings/{event.public_id}/"


def listen(cast: Cast, address: str, wanted: str = "", person: Any = None) -> Any:
    headers = {"Range": wanted} if wanted else {}
    return logged_in(person or cast.agent).get(address, headers=headers)


@pytest.mark.parametrize("knows_ranges", [True, False])
def test_any_part_comes_through_the_hub(cast: Cast, exchange: Exchange, knows_ranges: bool):
    exchange.knows_ranges = knows_ranges
    address = recorded(cast, exchange.url + "/sound.mp3")
    whole = listen(cast, address, "bytes=0-")
    assert (whole.status_code, whole.content, whole["Content-Type"]) == (200, SOUND, "audio/mpeg")
    part = listen(cast, address, "bytes=100-199")
    assert (part.status_code, part.content) == (206, SOUND[100:200])
    assert part["Content-Range"] == f"bytes 100-199/{len(SOUND)}"
    assert listen(cast, address, "bytes=5000-").content == SOUND[5000:]
    assert listen(cast, address, f"bytes={len(SOUND)}-").status_code == 416


def test_listening_is_logged_once_for_all_its_parts(cast: Cast, exchange: Exchange):
    address = recorded(cast, exchange.url + "/sound.mp3")
    for wanted in ("bytes=0-99", "bytes=100-199", ""):
        listen(cast, address, wanted)
    (entry,) = AuditEntry.objects.filter(action="calls.listen")
    assert (entry.by, entry.customer_id is not None) == (cast.agent, True)
    listen(cast, address, person=cast.lead)
    assert AuditEntry.objects.filter(action="calls.listen").count() == 2


def test_who_does_not_reach_the_call_or_sees_customers_masked_hears_nothing(cast: Cast, exchange: Exchange):
    address = recorded(cast, exchange.url + "/sound.mp3")
    for person in (cast.outsider, cast.store_staff):
        assert listen(cast, address, person=person).status_code == 404
    assert not exchange.gets
    assert not AuditEntry.objects.filter(action="calls.listen").exists()


@pytest.mark.parametrize("path", ["/none.mp3", "/page", "/secret"])
def test_what_cannot_be_played_says_why(cast: Cast, exchange: Exchange, path: str):
    response = listen(cast, recorded(cast, exchange.url + path))
    assert response.status_code == 503
    assert response["Content-Type"].startswith("text/plain")
    assert exchange.url not in response.content.decode()


def test_the_inner_network_is_never_asked(cast: Cast, exchange: Exchange, settings: Any):
    settings.OUTGOING_PRIVATE_HOSTS = []
    assert listen(cast, recorded(cast, exchange.url + "/sound.mp3")).status_code == 503
    assert not exchange.gets


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://[::1]/", "http://10.0.0.1/", "http://169.254.169.254/latest/", "http://[::ffff:10.0.0.1]/",
     "http://localhost/", "ftp://example.com/", "http://user:pw@1.1.1.1/", "http://0.0.0.0/", "http://100.64.0.1/"],
)  # fmt: skip
def test_such_addresses_are_refused(url: str):
    with pytest.raises(outgoing.NotAllowed):
        outgoing.ask("GET", url, at_most=10)


def test_a_simulated_recording_is_a_sound_any_part_of_which_fits(cast: Cast):
    set_telephony(cast.organization, adapter=TelephonySettings.Adapter.SIMULATOR, by=cast.owner, at=timezone.now())
    address = recorded(cast, "/simulated-recordings/x.wav", seconds=3)
    whole = listen(cast, address)
    with wave.open(io.BytesIO(whole.content)) as sound:
        assert sound.getnframes() / sound.getframerate() == 3
    assert listen(cast, address, "bytes=20-99").content == whole.content[20:100]
    assert recordings.wanted("bytes=9-3") == (0, None)
    assert tone.part_of(3, 30, 60) == whole.content[30:60]
