"""The search over what was said, in a million messages: the query with permission, names and snippets, beside the bare SELECT.

Words are as often as words are (the n-th a n-th as often), and each kind is asked for: one that stands everywhere, one
of the middle, a rare one, one that nobody has said, and two at once.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import psycopg

from benchmarks.figures import Figure
from benchmarks.population import without_indexes
from benchmarks.shop import Shop
from benchmarks.timing import ROUNDS, in_turns
from tickets.message_words import pairs_of, words_of
from tickets.models import Ticket
from tickets.queries.messages import PAGE_SIZE, Search, messages_found

MESSAGES, IN_A_THREAD = 1_000_000, 10
WORDS, WORDS_IN_ONE = 20_000, 8
FIRST, SYLLABLES = 0xAC00, 11_172
VALUES = 60
# The cube of a chance makes the n-th word about as much rarer as it is in a language.
EVENTS = f"""
INSERT INTO customers_event (organization_id, public_id, source, event_id, type, time, rank, recorded_at, data,
  content_hash, channel, thread, thread_seq, author, agent_email, text, topic, qualifier, is_contested)
SELECT %(organization)s, gen_random_uuid(), '/seoul/chat', 'said-' || number, 'chat.message', at, 0, at, '{{}}', '',
  'chat', 'said-' || number / {IN_A_THREAD}, number %% {IN_A_THREAD} + 1,
  CASE number %% 2 WHEN 0 THEN 'customer' ELSE 'agent' END, '', said.text, '', '', false
FROM (SELECT number, timestamptz '2025-01-01' + number * interval '30 s' AS at FROM generate_series(0, {MESSAGES - 1}) AS number)
  AS numbers
CROSS JOIN LATERAL (SELECT string_agg(chr(({FIRST} + word * 7919 %% {SYLLABLES})::int) || chr(({FIRST} + word * 104729 %% {SYLLABLES})::int), ' ')
  AS text FROM (SELECT floor(power(random(), 3) * {WORDS})::bigint AS word FROM generate_series(1, {WORDS_IN_ONE}) WHERE number >= 0)
  AS chosen) AS said
"""
TICKETS = """
INSERT INTO tickets_ticket (organization_id, public_id, thread, opened_event_id, opened_at, opened_by, channel, center_id,
  status, agent_email, topic, call_state, last_event_at, last_author, last_text, last_seq, messages_in, messages_out,
  resolved_by, reopen_count, due_kind, priority, tags, links, merged_thread, absorbed)
SELECT organization_id, gen_random_uuid(), thread, id, time, 'customer', 'chat', %(center)s,
  'resolved', '', '', '', time, 'agent', '', 10, 5, 5, '', 0, '', 'normal', '', '', '', ''
FROM customers_event WHERE organization_id = %(organization)s AND thread_seq = 1
"""
TEXTS = """
INSERT INTO tickets_messagetext (organization_id, event_id, time, thread, channel, author, text)
SELECT organization_id, id, time, thread, channel, author, text FROM customers_event WHERE organization_id = %s
"""
BARE = (
    "SELECT event_id, time FROM tickets_messagetext WHERE organization_id = %s AND message_pairs(text) @> %s::text[]"
    f" AND text LIKE ALL (%s::text[]) ORDER BY time DESC LIMIT {PAGE_SIZE + 1}"
)


def measure(
    shop: Shop, connection: psycopg.Connection[tuple[object, ...]], *, values: int = VALUES
) -> Iterator[Figure]:
    """Fills the organization if it is empty, then searches."""
    if not Ticket.objects.filter(organization=shop.organization).exists():
        _fill(shop, connection)
    agent = shop.agents[0]
    kinds: dict[str, Callable[[random.Random], str]] = {
        "in every fourth message": lambda chance: _word(chance.randrange(3)),
        "in one of 700": lambda chance: _word(chance.randrange(800, 1200)),
        "rare": lambda chance: _word(chance.randrange(WORDS - 4000, WORDS)),
        "nowhere": lambda chance: f"없는{chance.randrange(10, 99)}말",
        "two words": lambda chance: f"{_word(chance.randrange(20))} {_word(chance.randrange(300, 600))}",
    }
    for name, typed in kinds.items():
        chance = random.Random(name)
        rounds = [[typed(chance) for _ in range(values)] for _ in range(ROUNDS)]
        bare, found = in_turns(rounds, _bare(shop, connection), lambda words: messages_found(agent, Search(words)))
        told = f"search in {MESSAGES:,} messages, {name}"
        yield Figure(f"{told}, p50", "ms", found.p50, bare.p50)
        yield Figure(f"{told}, p99", "ms", found.p99, bare.p99, "p99 ≤ 200 ms", found.p99 <= 200)


def _bare(shop: Shop, connection: psycopg.Connection[tuple[object, ...]]) -> Callable[[str], object]:
    def ask(typed: str) -> object:
        parts = words_of(typed)
        parameters = [shop.organization.pk, pairs_of(parts), [f"%{part}%" for part in parts]]
        return connection.execute(BARE, parameters).fetchall()

    return ask


def _word(place: int) -> str:
    """The word of that place in order of frequency: two syllables, the shortest there are and the hardest to find."""
    return chr(FIRST + place * 7919 % SYLLABLES) + chr(FIRST + place * 104729 % SYLLABLES)


def _fill(shop: Shop, connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """In the database itself; the index of pairs last, as it would be made anew."""
    connection.execute("DROP INDEX IF EXISTS message_text_pairs")
    with without_indexes(connection):
        connection.execute(EVENTS, {"organization": shop.organization.pk})
        connection.execute(TICKETS, {"organization": shop.organization.pk, "center": shop.center.pk})
        connection.execute(TEXTS, [shop.organization.pk])
    connection.execute("SET maintenance_work_mem = '512MB'")
    connection.execute("CREATE INDEX message_text_pairs ON tickets_messagetext USING gin (message_pairs(text))")
    connection.execute("VACUUM ANALYZE tickets_messagetext")
