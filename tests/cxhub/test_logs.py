"""What a log line holds: the request's id, and nothing that somebody typed."""

import json

import httpx


def test_a_refused_request_is_logged_with_its_id_and_without_its_query(hub_factory):
    hub = hub_factory(LOG_FORMAT="json", LOG_LEVEL="INFO")
    httpx.get(f"{hub.url}/no-such-page/?q=01000001234", headers={"X-Request-ID": "till-7-000123"})
    line = json.loads(next(line for line in hub.log.splitlines() if "no-such-page" in line))
    assert (line["request_id"], line["status_code"], line["level"]) == ("till-7-000123", 404, "warning")
    assert "01000001234" not in hub.log
