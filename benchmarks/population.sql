-- One organization's data set. Statements end with an empty line; names in braces are filled in by population.py.
-- A matter is a receipt, a chat or a call; its steps are its events.
CREATE TEMPORARY TABLE bench_step (kind text, step int, seconds int, type text, rank int, channel text, author text, text text) ON COMMIT DROP;

INSERT INTO bench_step VALUES
  ('sale', 1, 0, 'pos.sale', 12, 'pos', '', ''),
  ('refund', 1, 0, 'pos.refund', 12, 'pos', '', ''),
  ('chat', 1, 0, 'chat.message', 0, 'chat', 'customer', '주문한 코트가 아직 안 왔어요. 언제쯤 받을 수 있을까요?'),
  ('chat', 2, 40, 'chat.message', 4, 'chat', 'agent', '안녕하세요. 주문 내역을 바로 확인해 보겠습니다.'),
  ('chat', 3, 90, 'chat.message', 0, 'chat', 'customer', '네, 주문한 지 사흘 됐습니다.'),
  ('chat', 4, 150, 'chat.message', 4, 'chat', 'agent', '오늘 출고되어 내일 도착 예정입니다. 송장 번호를 보내 드릴게요.'),
  ('chat', 5, 200, 'chat.message', 0, 'chat', 'customer', '감사합니다!'),
  ('chat', 6, 320, 'ticket.resolved', 8, '', '', ''),
  ('call', 1, 0, 'call.queued', 0, 'call', '', ''),
  ('call', 2, 9, 'call.answered', 5, 'call', '', ''),
  ('call', 3, 200, 'call.ended', 7, 'call', '', ''),
  ('call', 4, 230, 'note.added', 7, '', '', '소매 길이 수선 문의. 매장 방문 시 무료 수선 안내함.'),
  ('call', 5, 260, 'ticket.resolved', 8, '', '', '');

-- Few come often: a customer's share falls with the root of her number. The last two days' conversations are open.
CREATE TEMPORARY TABLE bench_matter ON COMMIT DROP AS
  SELECT row_number() OVER (ORDER BY at) AS matter, kind, at, at < now() - interval '2 days' AS is_settled,
    1 + floor(({customers} - 1) * power((random() + 0.01) / 1.01, 2))::int AS n,
    floor(random() * 1000)::int AS dice
  FROM (
    SELECT CASE WHEN random() < 0.05 THEN 'refund' ELSE 'sale' END AS kind,
      now() - interval '1 hour' - random() * interval '730 days' AS at
      FROM generate_series(1, {sales})
    UNION ALL
    SELECT 'chat', now() - interval '1 hour' - random() * interval '730 days'
      FROM generate_series(1, {chats})
    UNION ALL
    SELECT 'call', now() - interval '1 hour' - random() * interval '730 days'
      FROM generate_series(1, {calls})
  ) told;

CREATE TEMPORARY TABLE bench_place ON COMMIT DROP AS
  SELECT row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS places, id, slug, center_id
  FROM accounts_store WHERE organization_id = {organization};

CREATE TEMPORARY TABLE bench_agent ON COMMIT DROP AS
  SELECT row_number() OVER (ORDER BY person.id) - 1 AS place, count(*) OVER () AS places, person.email, seat.center_id, center.slug
  FROM accounts_person person
  JOIN accounts_person_centers seat ON seat.person_id = person.id
  JOIN accounts_center center ON center.id = seat.center_id
  WHERE person.organization_id = {organization} AND person.role = 'agent';

CREATE TEMPORARY TABLE bench_base ON COMMIT DROP AS
  SELECT (SELECT coalesce(max(id), 0) FROM customers_customer) AS customer, (SELECT coalesce(max(id), 0) FROM customers_event) AS event;

ANALYZE bench_matter;

INSERT INTO customers_event (id, public_id, source, event_id, type, time, rank, recorded_at, data, content_hash, channel, thread,
    thread_seq, author, agent_email, text, topic, qualifier, amount_hundredths, is_contested, center_id, customer_id, organization_id, store_id)
  SELECT base.event + row_number() OVER (ORDER BY matter.at + step.seconds * interval '1 second'), gen_random_uuid(),
    CASE WHEN kind IN ('sale', 'refund') THEN '/' || store.slug || '/pos' ELSE '/' || agent.slug || '/' || kind END,
    matter.matter || '-' || step.step, step.type, matter.at + step.seconds * interval '1 second', step.rank,
    matter.at + (step.seconds + 1) * interval '1 second',
    CASE
      WHEN kind IN ('sale', 'refund') THEN jsonb_build_object(
        'store', store.slug, 'receipt_no', matter.matter::text, 'total', 1000 * (5 + dice) * 2,
        'customer', jsonb_build_object('phone', '010-' || matter.matter % 1000, 'member_no', 'M-' || n),
        'items', jsonb_build_array(
          jsonb_build_object('sku', 'S' || dice, 'name', '울 코트', 'quantity', 1, 'unit_price', 1000 * (5 + dice), 'amount', 1000 * (5 + dice)),
          jsonb_build_object('sku', 'S' || dice + 1, 'name', '니트 가디건', 'quantity', 1, 'unit_price', 1000 * (5 + dice), 'amount', 1000 * (5 + dice))))
      WHEN step.type = 'call.queued' THEN jsonb_build_object('thread', 'call-' || matter.matter, 'direction', 'inbound', 'to', '02-000-0000')
      WHEN step.type = 'call.ended' THEN jsonb_build_object('thread', 'call-' || matter.matter, 'talk_seconds', 191)
      WHEN step.type = 'ticket.resolved' THEN jsonb_build_object('thread', kind || '-' || matter.matter, 'agent', agent.email, 'topic', 'delivery')
      WHEN step.author = 'customer' THEN jsonb_build_object('thread', kind || '-' || matter.matter, 'from', 'customer', 'text', step.text)
      WHEN step.author = 'agent' THEN jsonb_build_object('thread', kind || '-' || matter.matter, 'from', 'agent', 'agent', agent.email, 'text', step.text)
      ELSE jsonb_build_object('thread', kind || '-' || matter.matter, 'agent', agent.email, 'text', step.text)
    END,
    md5(matter.matter || '-' || step.step) || md5(kind || matter.matter), step.channel,
    CASE WHEN kind IN ('chat', 'call') THEN kind || '-' || matter.matter ELSE '' END,
    CASE WHEN kind IN ('chat', 'call') THEN step.step END,
    step.author,
    CASE WHEN kind IN ('chat', 'call') AND step.author <> 'customer' AND step.type NOT IN ('call.queued', 'call.ended') THEN agent.email ELSE '' END,
    step.text, CASE WHEN step.type = 'ticket.resolved' THEN 'delivery' ELSE '' END,
    CASE step.type WHEN 'call.queued' THEN 'inbound' WHEN 'ticket.resolved' THEN 'agent' ELSE '' END,
    CASE kind WHEN 'sale' THEN 200000 * (5 + dice) WHEN 'refund' THEN -200000 * (5 + dice) END,
    false, CASE WHEN kind IN ('chat', 'call') THEN agent.center_id ELSE store.center_id END,
    CASE WHEN kind IN ('sale', 'refund') OR step.author = 'customer' OR step.type = 'call.queued' THEN base.customer + n END,
    {organization}, CASE WHEN kind IN ('sale', 'refund') THEN store.id END
  FROM bench_matter matter
  JOIN bench_step step USING (kind)
  JOIN bench_place store ON store.place = dice % store.places
  JOIN bench_agent agent ON agent.place = dice % agent.places
  CROSS JOIN bench_base base
  WHERE matter.is_settled OR step.type <> 'ticket.resolved'
  ORDER BY matter.at + step.seconds * interval '1 second';

SELECT setval(pg_get_serial_sequence('customers_event', 'id'), (SELECT max(id) FROM customers_event));

CREATE TEMPORARY TABLE bench_sum ON COMMIT DROP AS
  SELECT customer_id, count(*) AS events, min(time) AS first_seen, max(time) AS last_seen,
    count(*) FILTER (WHERE type = 'pos.sale') AS sales, count(*) FILTER (WHERE type = 'pos.refund') AS refunds,
    coalesce(sum(amount_hundredths), 0) AS spent, max(time) FILTER (WHERE type = 'pos.sale') AS last_visit,
    (array_agg(store_id ORDER BY time DESC) FILTER (WHERE type = 'pos.sale'))[1] AS last_store
  FROM customers_event WHERE organization_id = {organization} AND customer_id IS NOT NULL GROUP BY customer_id;

INSERT INTO customers_customer (id, public_id, name, name_chosung, name_nfd, name_order, name_is_edited, memo, is_anonymous, is_unconfirmed,
    first_seen_at, last_seen_at, last_visit_at, event_count, sale_count, refund_count, spent_hundredths, created_at, last_visit_store_id,
    merged_into_id, organization_id)
  SELECT base.customer + named.n, gen_random_uuid(), named.name, named.chosung, named.nfd, '\x01'::bytea, false, '', false, false,
    told.first_seen, told.last_seen, told.last_visit, coalesce(told.events, 0), coalesce(told.sales, 0), coalesce(told.refunds, 0),
    coalesce(told.spent, 0), coalesce(told.first_seen, now()), told.last_store, NULL, {organization}
  FROM bench_name named CROSS JOIN bench_base base LEFT JOIN bench_sum told ON told.customer_id = base.customer + named.n
  ORDER BY named.n;

SELECT setval(pg_get_serial_sequence('customers_customer', 'id'), (SELECT max(id) FROM customers_customer));

INSERT INTO customers_identity (kind, account, value, last4, created_at, customer_id, organization_id)
  SELECT 'phone', '', '+821000' || lpad(number::text, 6, '0'), lpad((number % 10000)::text, 4, '0'), now(), base.customer + n, {organization}
  FROM (SELECT n, n::bigint * 424243 % 1000000 AS number FROM bench_name) numbered CROSS JOIN bench_base base;

INSERT INTO customers_identity (kind, account, value, last4, created_at, customer_id, organization_id)
  SELECT 'member_no', '', 'M-' || lpad(n::text, 7, '0'), '', now(), base.customer + n, {organization}
  FROM bench_name CROSS JOIN bench_base base WHERE n % 5 < 3;

INSERT INTO customers_thread (key, last_seq, organization_id)
  SELECT kind || '-' || matter, CASE kind WHEN 'chat' THEN 6 ELSE 5 END - CASE WHEN is_settled THEN 0 ELSE 1 END, {organization}
  FROM bench_matter WHERE kind IN ('chat', 'call');

INSERT INTO tickets_ticket (public_id, thread, opened_at, opened_by, channel, status, agent_email, topic, call_state, response_started_at,
    first_response_at, waiting_since, last_event_at, last_message_at, last_author, last_text, last_seq, messages_in, messages_out,
    first_resolved_at, resolved_at, resolved_by, reopen_count, center_id, customer_id, opened_event_id, organization_id, replaced_by_id, store_id,
    due_at, due_kind, priority, tags, links, merged_thread, absorbed)
  SELECT gen_random_uuid(), opening.thread, matter.at, 'customer', kind, CASE WHEN is_settled THEN 'resolved' ELSE 'open' END, agent.email,
    CASE WHEN is_settled THEN 'delivery' ELSE '' END, CASE kind WHEN 'call' THEN 'ended' ELSE '' END,
    matter.at, matter.at + interval '40 seconds', CASE WHEN kind = 'chat' AND NOT is_settled THEN matter.at + interval '200 seconds' END,
    matter.at + interval '200 seconds', matter.at + interval '200 seconds', CASE kind WHEN 'chat' THEN 'customer' ELSE '' END,
    CASE kind WHEN 'chat' THEN '감사합니다!' ELSE '' END, CASE kind WHEN 'chat' THEN 6 ELSE 5 END - CASE WHEN is_settled THEN 0 ELSE 1 END,
    CASE kind WHEN 'chat' THEN 3 ELSE 0 END, CASE kind WHEN 'chat' THEN 2 ELSE 0 END,
    CASE WHEN is_settled THEN matter.at + interval '320 seconds' END, CASE WHEN is_settled THEN matter.at + interval '320 seconds' END,
    CASE WHEN is_settled THEN 'agent' ELSE '' END, 0, agent.center_id, opening.customer_id, opening.id, {organization}, NULL, NULL,
    -- A chat that goes on after the answer is to be answered within a minute.
    CASE WHEN kind = 'chat' AND NOT is_settled THEN matter.at + interval '260 seconds' END,
    CASE WHEN kind = 'chat' AND NOT is_settled THEN 'next_response' ELSE '' END, 'normal', '', '', '', ''
  FROM bench_matter matter
  JOIN customers_event opening ON opening.organization_id = {organization} AND opening.thread = kind || '-' || matter.matter AND opening.thread_seq = 1
  JOIN bench_agent agent ON agent.place = dice % agent.places
  WHERE kind IN ('chat', 'call')
  ORDER BY matter.at;
