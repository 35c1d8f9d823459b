-- One organization's open tickets, and a twentieth as many resolved lately. Statements end with an empty line; names in
-- braces are filled in by backlog.py. Every column of a ticket follows from its events, as folding them would tell.
CREATE TEMPORARY TABLE bench_place ON COMMIT DROP AS
  SELECT row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS places, id, slug FROM accounts_center WHERE organization_id = {organization};

CREATE TEMPORARY TABLE bench_store ON COMMIT DROP AS
  SELECT row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS places, id, center_id FROM accounts_store WHERE organization_id = {organization};

CREATE TEMPORARY TABLE bench_agent ON COMMIT DROP AS
  SELECT row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS places, email FROM accounts_person
  WHERE organization_id = {organization} AND role = 'agent';

-- Most have lain there for hours, some for a month; the busiest agent has many times what the idlest has.
CREATE TEMPORARY TABLE bench_drawn ON COMMIT DROP AS
  SELECT number, number <= {tickets} AS is_open, date_trunc('milliseconds', now() - interval '20 minutes'
      - power(random(), 3) * CASE WHEN number <= {tickets} THEN interval '30 days' ELSE interval '14 days' END) AS at,
    random() AS channel_draw, random() AS agent_draw, random() AS answer_draw, random() AS place_draw, random() AS priority_draw,
    random() AS tag_draw, random() AS snooze_draw, random() AS customer_draw
  FROM generate_series(1, {tickets} + {tickets} / 20) AS number;

CREATE TEMPORARY TABLE bench_matter ON COMMIT DROP AS
  SELECT row_number() OVER (ORDER BY at, number) AS matter, at, is_open,
    CASE WHEN channel_draw < 0.45 THEN 'chat' WHEN channel_draw < 0.70 THEN 'message' WHEN channel_draw < 0.84 THEN 'mail'
      WHEN channel_draw < 0.97 THEN 'call' ELSE 'store' END AS channel,
    CASE WHEN agent_draw >= 0.2 THEN power((agent_draw - 0.2) / 0.8, 2) END AS agent_share,
    agent_draw >= 0.2 AND answer_draw < 0.6 AND channel_draw < 0.97 AS is_answered, answer_draw < 0.2 AS asks_again,
    place_draw, place_draw < 0.02 AS is_unclaimed,
    CASE WHEN priority_draw < 0.05 THEN 'low' WHEN priority_draw < 0.85 THEN 'normal' WHEN priority_draw < 0.96 THEN 'high' ELSE 'urgent' END AS priority,
    CASE WHEN tag_draw < 0.04 THEN E'\nvip\n' WHEN tag_draw < 0.07 THEN E'\nvip\n교환\n' WHEN tag_draw < 0.10 THEN E'\n배송\n'
      WHEN tag_draw < 0.1005 THEN E'\n불만\n' ELSE '' END AS tags,
    CASE WHEN snooze_draw < 0.03 THEN date_trunc('milliseconds', now() + interval '1 hour' + snooze_draw * interval '90 days')
      WHEN snooze_draw < 0.04 THEN date_trunc('milliseconds', now() - interval '5 minutes') END AS snoozed_until,
    CASE WHEN customer_draw < 0.98 THEN 1 + floor(power(customer_draw / 0.98, 2) * ({customers} - 1))::int END AS n
  FROM bench_drawn;

CREATE TEMPORARY TABLE bench_base ON COMMIT DROP AS
  SELECT (SELECT coalesce(max(id), 0) FROM customers_customer) AS customer, (SELECT coalesce(max(id), 0) FROM customers_event) AS event;

CREATE TEMPORARY TABLE bench_ticket ON COMMIT DROP AS
  SELECT matter.*, 'backlog-' || matter.matter AS thread, coalesce(agent.email, '') AS agent,
    CASE WHEN channel = 'store' THEN store.center_id WHEN NOT is_unclaimed THEN center.id END AS center_id,
    CASE WHEN channel = 'store' THEN store.id END AS store_id, base.customer + n AS customer_id,
    is_answered AND asks_again AND channel <> 'call' AS is_asked_again
  FROM bench_matter matter
  LEFT JOIN bench_agent agent ON agent.place = floor(matter.agent_share * agent.places)
  JOIN bench_place center ON center.place = floor(matter.place_draw * center.places)
  JOIN bench_store store ON store.place = floor(matter.place_draw * store.places)
  CROSS JOIN bench_base base;

ANALYZE bench_ticket;

CREATE TEMPORARY TABLE bench_step ON COMMIT DROP AS
  SELECT base.event + row_number() OVER (ORDER BY at + step.seconds * interval '1 second', matter) AS id, matter,
    row_number() OVER (PARTITION BY matter ORDER BY step.seconds) AS seq, at + step.seconds * interval '1 second' AS time, step.*
  FROM bench_ticket ticket CROSS JOIN bench_base base CROSS JOIN LATERAL (
    SELECT 0 AS seconds, CASE channel WHEN 'call' THEN 'call.queued' WHEN 'store' THEN 'store.inquiry' ELSE channel || '.message' END AS type,
      0 AS rank, CASE WHEN channel = 'call' THEN '' ELSE 'customer' END AS author, '' AS by_agent,
      CASE WHEN channel = 'call' THEN '' ELSE (ARRAY['주문한 코트가 아직 안 왔어요.', '사이즈 교환 되나요?', '환불은 언제 되나요?', '매장에 재고 있나요?'])[1 + matter % 4] END AS text,
      CASE WHEN channel = 'call' THEN 'inbound' ELSE '' END AS qualifier
    UNION ALL SELECT 20, 'ticket.assigned', 3, '', agent, '', '' WHERE agent <> ''
    UNION ALL SELECT 60, CASE channel WHEN 'call' THEN 'call.answered' ELSE channel || '.message' END, CASE channel WHEN 'call' THEN 5 ELSE 4 END,
      CASE WHEN channel = 'call' THEN '' ELSE 'agent' END, agent, CASE WHEN channel = 'call' THEN '' ELSE '바로 확인해 보겠습니다.' END, '' WHERE is_answered
    UNION ALL SELECT 200, CASE WHEN is_answered THEN 'call.ended' ELSE 'call.abandoned' END, CASE WHEN is_answered THEN 7 ELSE 6 END, '', '', '', '' WHERE channel = 'call'
    UNION ALL SELECT 200, channel || '.message', 0, 'customer', '', '언제쯤 알 수 있을까요?', '' WHERE is_asked_again
    UNION ALL SELECT 300, 'ticket.priority', 7, '', agent, '', priority WHERE priority <> 'normal'
    UNION ALL SELECT 310, 'ticket.tagged', 7, '', agent, '+' || replace(btrim(tags, E'\n'), E'\n', E'\n+'), '' WHERE tags <> ''
    UNION ALL SELECT 320, 'ticket.snoozed', 7, '', agent, '', to_char(snoozed_until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"+00:00"') WHERE snoozed_until IS NOT NULL AND is_open
    UNION ALL SELECT 400, 'ticket.resolved', 8, '', agent, '', 'agent' WHERE NOT is_open
  ) step;

CREATE INDEX ON bench_step (matter, seq);

ANALYZE bench_step;

INSERT INTO customers_event (id, public_id, source, event_id, type, time, rank, recorded_at, data, content_hash, channel, thread,
    thread_seq, author, agent_email, text, topic, qualifier, amount_hundredths, is_contested, center_id, customer_id, organization_id, store_id)
  SELECT step.id, gen_random_uuid(), '/bench/backlog', ticket.matter || '-' || step.seq, step.type, step.time, step.rank, step.time,
    jsonb_strip_nulls(jsonb_build_object('thread', ticket.thread, 'agent', nullif(step.by_agent, ''), 'from', nullif(step.author, ''), 'text', nullif(step.text, ''))),
    md5(ticket.thread || step.seq) || md5(step.type), CASE WHEN step.type LIKE 'ticket.%' THEN '' ELSE ticket.channel END, ticket.thread, step.seq,
    step.author, step.by_agent, step.text, CASE WHEN step.type = 'ticket.resolved' THEN 'delivery' ELSE '' END, step.qualifier, NULL, false,
    ticket.center_id, CASE WHEN step.seconds = 0 THEN ticket.customer_id END, {organization}, ticket.store_id
  FROM bench_step step JOIN bench_ticket ticket USING (matter)
  ORDER BY step.id;

SELECT setval(pg_get_serial_sequence('customers_event', 'id'), (SELECT max(id) FROM customers_event));

CREATE TEMPORARY TABLE bench_sum ON COMMIT DROP AS
  SELECT customer_id, count(*) AS events, min(at) AS first_seen, max(at) AS last_seen FROM bench_ticket GROUP BY customer_id;

INSERT INTO customers_customer (id, public_id, name, name_chosung, name_nfd, name_order, name_is_edited, memo, is_anonymous, is_unconfirmed,
    first_seen_at, last_seen_at, last_visit_at, event_count, sale_count, refund_count, spent_hundredths, created_at, last_visit_store_id,
    merged_into_id, organization_id)
  SELECT base.customer + named.n, gen_random_uuid(), named.name, named.chosung, named.nfd, '\x01'::bytea, false, '', false, false,
    told.first_seen, told.last_seen, NULL, coalesce(told.events, 0), 0, 0, 0, coalesce(told.first_seen, now()), NULL, NULL, {organization}
  FROM bench_name named CROSS JOIN bench_base base LEFT JOIN bench_sum told ON told.customer_id = base.customer + named.n
  ORDER BY named.n;

SELECT setval(pg_get_serial_sequence('customers_customer', 'id'), (SELECT max(id) FROM customers_customer));

INSERT INTO customers_identity (kind, account, value, last4, created_at, customer_id, organization_id)
  SELECT 'phone', '', '+821000' || lpad(number::text, 6, '0'), lpad((number % 10000)::text, 4, '0'), now(), base.customer + n, {organization}
  FROM (SELECT n, n::bigint * 424243 % 1000000 AS number FROM bench_name) numbered CROSS JOIN bench_base base;

CREATE TEMPORARY TABLE bench_end ON COMMIT DROP AS
  SELECT DISTINCT ON (matter) matter, time AS last_event_at, seq AS last_seq FROM bench_step ORDER BY matter, seq DESC;

CREATE INDEX ON bench_end (matter);

ANALYZE bench_end;

INSERT INTO customers_thread (key, last_seq, organization_id)
  SELECT ticket.thread, last.last_seq, {organization} FROM bench_end last JOIN bench_ticket ticket USING (matter);

-- Targets are those of an organization that has said nothing.
INSERT INTO tickets_ticket (public_id, thread, opened_at, opened_by, channel, status, agent_email, topic, call_state, response_started_at,
    first_response_at, waiting_since, last_event_at, last_message_at, last_author, last_text, last_seq, messages_in, messages_out,
    first_resolved_at, resolved_at, resolved_by, reopen_count, center_id, customer_id, opened_event_id, organization_id, replaced_by_id, store_id,
    due_at, due_kind, priority, tags, links, snoozed_until, merged_thread, absorbed, call_seconds, call_since)
  SELECT gen_random_uuid(), ticket.thread, at, 'customer', channel, CASE WHEN is_open THEN 'open' ELSE 'resolved' END, agent,
    CASE WHEN is_open THEN '' ELSE 'delivery' END,
    CASE WHEN channel <> 'call' THEN '' WHEN is_answered THEN 'ended' ELSE 'abandoned' END,
    CASE WHEN channel <> 'store' THEN at END, CASE WHEN is_answered THEN at + interval '60 seconds' END, since.waiting, last.last_event_at,
    CASE WHEN channel <> 'call' THEN said.time END, CASE WHEN channel = 'call' THEN '' ELSE said.author END, CASE WHEN channel = 'call' THEN '' ELSE said.text END, last.last_seq,
    CASE WHEN channel = 'call' THEN 0 WHEN is_asked_again THEN 2 ELSE 1 END, CASE WHEN is_answered AND channel <> 'call' THEN 1 ELSE 0 END,
    CASE WHEN NOT is_open THEN last.last_event_at END, CASE WHEN NOT is_open THEN last.last_event_at END, CASE WHEN is_open THEN '' ELSE 'agent' END, 0,
    center_id, customer_id, opening.id, {organization}, NULL, store_id,
    since.waiting + due.target, CASE WHEN since.waiting + due.target IS NULL THEN '' WHEN is_answered THEN 'next_response' ELSE 'first_response' END,
    priority, tags, '', CASE WHEN is_open THEN snoozed_until END, '', '',
    CASE WHEN channel = 'call' AND is_answered THEN 140 END,
    CASE WHEN channel = 'call' THEN at + CASE WHEN is_answered THEN interval '60 seconds' ELSE interval '0' END END
  FROM bench_ticket ticket
  JOIN bench_step opening ON opening.matter = ticket.matter AND opening.seq = 1
  JOIN bench_end last ON last.matter = ticket.matter
  LEFT JOIN LATERAL (SELECT time, author, text FROM bench_step step WHERE step.matter = ticket.matter AND step.author <> '' ORDER BY seq DESC LIMIT 1) said ON true
  CROSS JOIN LATERAL (SELECT CASE WHEN NOT is_open OR channel = 'store' THEN NULL WHEN NOT is_answered THEN at WHEN is_asked_again THEN at + interval '200 seconds' END AS waiting) since
  CROSS JOIN LATERAL (SELECT CASE channel WHEN 'chat' THEN interval '60 seconds' WHEN 'call' THEN interval '20 seconds' WHEN 'message' THEN interval '600 seconds'
    WHEN 'mail' THEN interval '4 hours' END AS target) due
  ORDER BY ticket.matter;

INSERT INTO tickets_tag (organization_id, key, name) SELECT {organization}, key, key FROM unnest(ARRAY['vip', '교환', '배송', '불만']) AS key;

-- Each agent has begun to write in some of hers, and each fiftieth note calls somebody.
INSERT INTO tickets_draft (mode, text, version, key, quoted, updated_at, organization_id, person_id, ticket_id)
  SELECT 'reply', '확인해 보니', gen_random_uuid(), NULL, NULL, now(), {organization}, person_id, ticket_id FROM (
    SELECT person.id AS person_id, ticket.id AS ticket_id, row_number() OVER (PARTITION BY person.id ORDER BY ticket.last_event_at DESC) AS place
    FROM tickets_ticket ticket JOIN accounts_person person ON person.organization_id = ticket.organization_id AND person.email = ticket.agent_email
    WHERE ticket.organization_id = {organization} AND ticket.status = 'open') found WHERE place <= 5;

INSERT INTO tickets_mention (seq, is_notice, created_at, read_at, event_id, organization_id, person_id, ticket_id)
  SELECT 1, false, now(), CASE WHEN (ticket.id + person.id) % 2 = 0 THEN now() END, ticket.opened_event_id, {organization}, person.id, ticket.id
  FROM tickets_ticket ticket JOIN accounts_person person ON person.organization_id = ticket.organization_id AND person.role IN ('agent', 'owner')
  WHERE ticket.organization_id = {organization} AND (ticket.id + 37 * person.id) % 2000 = 0;
