"""Projections: each streamed entity as the JSON that screens and the log share."""

from collections.abc import Mapping, Sequence
from typing import LiteralString
from uuid import UUID

from polyphony.store.database import Session

# A sealed matter is seen by the members of its department and by whoever holds its work, only.
_AUD: LiteralString = """
    CASE WHEN c.visibility = 'sealed' OR d.visibility = 'sealed' THEN ARRAY['member:' || d.id]
         ELSE ARRAY['dept:' || d.id, 'case:' || c.id] END"""

# Queues tell their members only of what is open; whoever holds the work always hears.
_HELD: LiteralString = """
    || l.holders || CASE WHEN c.visibility = 'sealed' OR d.visibility = 'sealed'
                         THEN '{}'::text[] ELSE l.queues END"""

_HOLDERS: LiteralString = """
    SELECT (SELECT array_agg(DISTINCT i.channel_kind) FROM interaction i
             WHERE i.case_id = c.id) AS channels,
           coalesce(array_agg(DISTINCT 'person:' || w.agent_id)
                    FILTER (WHERE w.agent_id IS NOT NULL), '{}') AS holders,
           coalesce(array_agg(DISTINCT 'queue:' || w.queue_id)
                    FILTER (WHERE w.queue_id IS NOT NULL), '{}') AS queues
      FROM work_item w
     WHERE w.case_id = c.id AND w.state NOT IN ('done', 'cancelled')"""

_REFERENCE: LiteralString = (
    "substr(c.reference, 1, 2) || ' ' || substr(c.reference, 3, 4) || ' ' || substr(c.reference, 7)"
)

CASE: LiteralString = f"""
SELECT c.id, c.version, c.id AS case_id, {_AUD} {_HELD} AS aud, r.customer_id,
       jsonb_build_object(
         'id', c.id, 'version', c.version, 'reference', {_REFERENCE}, 'title', c.title,
         'preview', c.preview, 'state', c.state, 'state_since', c.state_since, 'due_at', c.due_at,
         'priority', c.priority, 'language', c.language, 'department_id', c.department_id,
         'visibility', c.visibility, 'owner_id', c.owner_id, 'record_id', c.record_id,
         'customer', jsonb_build_object('id', k.id, 'name', k.name, 'tier', k.tier,
                                        'language', k.language, 'zone', k.attrs->>'zone'),
         'channels', coalesce(to_jsonb(l.channels), '[]'), 'opened_at', c.opened_at,
         'last_at', c.last_at, 'last_item', c.last_item, 'last_customer', c.last_customer,
         'last_staff', c.last_staff, 'tags', c.tags, 'merged_into', c.merged_into,
         'kind', c.kind, 'kind_id', c.kind_id,
         'kind_name', (SELECT g.name FROM case_kind g WHERE g.id = c.kind_id), 'steps', (
            SELECT jsonb_build_object('done', count(*) FILTER (WHERE p.state IN ('done', 'waived')),
                      'total', count(*), 'now', (array_agg(p.title ORDER BY p.position)
                         FILTER (WHERE p.state IN ('active', 'waiting')))[1],
                      'titles', (array_agg(p.titles ORDER BY p.position)
                         FILTER (WHERE p.state IN ('active', 'waiting')))[1])
              FROM case_step p WHERE p.case_id = c.id HAVING count(*) > 0),
         'help', c.help, 'snooze', (
            SELECT jsonb_build_object('by', z.person_id, 'until', z.until) FROM snooze z
             WHERE z.case_id = c.id AND z.heard >= c.last_customer),
         'links', coalesce((
            SELECT jsonb_agg(jsonb_build_object('case_id', o.id, 'kind', x.kind, 'reference',
                      substr(o.reference, 1, 2) || ' ' || substr(o.reference, 3, 4) || ' '
                      || substr(o.reference, 7), 'back', x.back) ORDER BY x.at, o.id)
              FROM (SELECT other_id, kind, at, false AS back FROM case_link
                     WHERE case_id = c.id
                    UNION ALL
                    SELECT case_id, kind, at, true FROM case_link WHERE other_id = c.id) x
              JOIN case_ o ON o.id = x.other_id), '[]'),
         'clocks', coalesce((
            SELECT jsonb_agg(jsonb_build_object('type', s.type, 'state', s.state,
                      'target_ms', s.target_ms, 'consumed_ms', s.consumed_ms,
                      'running_since', s.running_since, 'warn_at', s.warn_at,
                      'due_at', s.due_at) ORDER BY s.type, s.id)
              FROM sla_clock s WHERE s.case_id = c.id AND s.state <> 'cancelled'), '[]'),
         'demo', c.demo) AS data
  FROM case_ c
  JOIN department d ON d.id = c.department_id
  JOIN record r ON r.id = c.record_id
  JOIN customer k ON k.id = r.customer_id
  LEFT JOIN LATERAL ({_HOLDERS}) l ON true
 WHERE c.id = ANY(%(ids)s)"""

INTERACTION: LiteralString = f"""
SELECT i.id, i.version, i.case_id, {_AUD} {_HELD} AS aud, r.customer_id,
       jsonb_build_object(
         'id', i.id, 'version', i.version, 'case_id', i.case_id, 'channel_kind', i.channel_kind,
         'account_id', i.account_id, 'mode', i.mode, 'state', i.state, 'language', i.language,
         'subject', i.subject, 'agent_id', i.agent_id,
         'identity', jsonb_build_object('id', n.id, 'address', n.address, 'name', r.name,
                                        'level', coalesce(u.level, 0), 'state', n.state),
         'opened_at', i.opened_at, 'ended_at', i.ended_at) AS data
  FROM interaction i
  JOIN case_ c ON c.id = i.case_id
  JOIN department d ON d.id = c.department_id
  JOIN identity n ON n.id = i.identity_id
  JOIN record r ON r.id = i.record_id
  LEFT JOIN identity_use u ON u.identity_id = n.id AND u.record_id = r.id AND u.role = 'uses'
  LEFT JOIN LATERAL ({_HOLDERS}) l ON true
 WHERE i.id = ANY(%(ids)s)"""

# The newest delivery speaks for the message; files carry no link here: links are signed per reader.
_MESSAGE_DATA: LiteralString = """jsonb_build_object(
         'id', m.id, 'version', m.version, 'case_id', i.case_id,
         'interaction_id', m.interaction_id, 'position', m.position, 'kind', m.kind,
         'author', jsonb_build_object('kind', m.author_kind, 'id', m.author_id,
                                      'name', m.author_name),
         'text', m.text, 'text_full', m.text_full, 'has_html', m.html IS NOT NULL,
         'subject', m.subject, 'language', m.language, 'automated', m.automated,
         'defects', m.defects, 'facts', m.facts, 'at', m.at, 'sent_at', m.sent_at, 'cid', m.cid,
         'delivery', (SELECT jsonb_build_object('id', v.id, 'state', v.state, 'why', v.why,
                        'detail', v.detail, 'not_before', v.not_before, 'to', v.to_address,
                        'pinned', v.pinned)
                        FROM delivery v WHERE v.message_id = m.id
                       ORDER BY v.created_at DESC, v.id DESC LIMIT 1),
         'files', coalesce((SELECT jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name,
                        'media_type', f.media_type, 'size', f.size, 'inline', f.inline,
                        'cid', f.cid, 'url', NULL) ORDER BY f.ordinal)
                        FROM message_file f WHERE f.message_id = m.id), '[]'),
         'arrival_id', m.arrival_id)"""

# A whispered line goes to its two people and the supervisors; in a sealed matter only to those of
# the two who may see it (supervisors who are members read it when they open the Case).
_WHISPERED: LiteralString = """
    CASE WHEN c.visibility = 'sealed' OR d.visibility = 'sealed' THEN ARRAY(
              SELECT 'person:' || x
                FROM unnest(ARRAY[m.author_id, (m.facts->>'whisper_to')::uuid]) AS x
               WHERE 'person:' || x = ANY(l.holders) OR EXISTS (SELECT FROM member b
                     WHERE b.department_id = d.id AND b.person_id = x))
         ELSE ARRAY['sup:' || d.id, 'person:' || m.author_id,
                    'person:' || (m.facts->>'whisper_to')] END"""

MESSAGE: LiteralString = f"""
SELECT m.id, m.version, i.case_id,
       CASE WHEN m.facts ? 'whisper_to' THEN {_WHISPERED} ELSE {_AUD} {_HELD} END AS aud,
       CASE WHEN m.facts ? 'whisper_to' THEN NULL ELSE r.customer_id END AS customer_id,
       {_MESSAGE_DATA} AS data
  FROM message m
  JOIN interaction i ON i.id = m.interaction_id
  JOIN case_ c ON c.id = i.case_id
  JOIN record r ON r.id = c.record_id
  JOIN department d ON d.id = c.department_id
  LEFT JOIN LATERAL ({_HOLDERS}) l ON true
 WHERE m.id = ANY(%(ids)s)"""

# What the customer's own screen may know of a chat message: no notes, no names but the author's,
# system lines only when they were written for him; his own line is read when one of us read so far.
CHAT_MESSAGE: LiteralString = """
SELECT m.id, m.version, NULL::uuid AS case_id, ARRAY['cust:' || i.identity_id] AS aud,
       NULL::uuid AS customer_id,
       jsonb_build_object(
         'id', m.id, 'position', m.position, 'case_id', i.case_id,
         'from', CASE m.kind WHEN 'in' THEN 'me' WHEN 'out' THEN 'agent' ELSE 'system' END,
         'name', CASE WHEN m.kind = 'in' THEN '' ELSE m.author_name END, 'text', m.text,
         'files', coalesce((SELECT jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name,
                        'media_type', f.media_type, 'size', f.size) ORDER BY f.ordinal)
                        FROM message_file f WHERE f.message_id = m.id), '[]'),
         'cid', CASE WHEN m.kind = 'in'
                     THEN coalesce(m.cid::text, substring(m.provider_key FROM '[^:]*$')) END,
         'code', CASE WHEN m.kind = 'system' THEN m.facts->'code' END, 'at', m.at,
         'state', CASE WHEN m.kind <> 'in' THEN coalesce(m.delivery_state, 'sent')
                       WHEN EXISTS (SELECT FROM case_read x WHERE x.case_id = i.case_id
                                     AND x.position >= m.position) THEN 'read'
                       ELSE 'delivered' END) AS data
  FROM message m
  JOIN interaction i ON i.id = m.interaction_id
 WHERE m.id = ANY(%(ids)s) AND i.channel_kind = 'chat' AND NOT m.hidden
   AND (m.kind IN ('in', 'out') OR (m.kind = 'system' AND m.facts->>'customer' = 'true'))
   AND coalesce(m.delivery_state, 'sent') NOT IN ('held', 'queued', 'cancelled', 'expired')"""

# What WorkItems and Offers look like and who is told of them; ``store.offered`` draws both at once.
WORK_ITEM_AUD: LiteralString = f"""{_AUD}
       || CASE WHEN c.visibility = 'sealed' OR d.visibility = 'sealed' THEN '{{}}'::text[]
               ELSE ARRAY['queue:' || w.queue_id] END
       || CASE WHEN w.agent_id IS NULL THEN '{{}}'::text[]
               ELSE ARRAY['person:' || w.agent_id] END"""
WORK_ITEM_DATA: LiteralString = """jsonb_build_object(
         'id', w.id, 'version', w.version, 'case_id', w.case_id,
         'interaction_id', w.interaction_id, 'queue_id', w.queue_id,
         'channel_kind', w.channel_kind, 'state', w.state, 'state_since', w.state_since,
         'units', w.units, 'tier', w.tier, 'urgency', w.urgency, 'requirements', w.requirements,
         'waiting_since', w.waiting_since, 'wake_at', w.wake_at, 'agent_id', w.agent_id,
         'due_at', w.due_at, 'disposition', w.disposition, 'why_queue', w.why_queue,
         'disposition_due', w.disposition_due, 'wrap_until', w.wrap_until,
         'wrap_extended', w.wrap_extended, 'suspended_at', w.suspended_at,
         'ask_back_at', w.ask_back_at,
         'step', (SELECT jsonb_build_object('id', p.id, 'title', p.title, 'titles', p.titles,
                     'kind', p.kind) FROM case_step p WHERE p.id = w.step_id),
         'callback', CASE WHEN w.callback_id IS NOT NULL THEN (
            SELECT jsonb_build_object('id', b.id, 'way', b.way, 'address', b.address,
                     'language', b.language, 'reason', b.reason, 'from', b.window_from,
                     'to', b.window_to, 'asked_at', b.asked_at, 'expires_at', b.expires_at,
                     'attempts', coalesce((SELECT jsonb_agg(jsonb_build_object('no', t.no,
                        'agent_id', t.agent_id, 'at', t.at, 'outcome', t.outcome) ORDER BY t.no)
                        FROM callback_attempt t WHERE t.callback_id = b.id), '[]'))
              FROM callback b WHERE b.id = w.callback_id) END)"""
OFFER_AUD: LiteralString = """ARRAY['person:' || o.agent_id]
       || CASE WHEN c.visibility = 'sealed' OR d.visibility = 'sealed' THEN '{}'::text[]
               ELSE ARRAY['sup:' || d.id] END"""
OFFER_DATA: LiteralString = f"""jsonb_build_object(
         'id', o.id, 'version', o.version, 'work_item_id', o.work_item_id, 'case_id', w.case_id,
         'agent_id', o.agent_id, 'state', o.state, 'made_at', o.made_at, 'deadline', o.deadline,
         'settled_at', o.settled_at, 'reason', o.reason, 'why', o.why,
         'auto', q.auto_accept AND w.channel_kind NOT IN ('visit', 'callback'),
         'may_decline', q.decline_allowed,
         'card', jsonb_build_object('channel_kind', w.channel_kind, 'queue', q.name,
            'customer', k.name, 'tier', w.tier, 'title', c.title, 'preview', c.preview,
            'waiting_since', w.waiting_since, 'due_at', w.due_at,
            'step', (SELECT p.title FROM case_step p WHERE p.id = w.step_id),
            'step_titles', (SELECT p.titles FROM case_step p WHERE p.id = w.step_id),
            'callback', CASE WHEN w.callback_id IS NOT NULL THEN (
               SELECT jsonb_build_object('way', b.way, 'reason', b.reason,
                        'address', CASE WHEN b.address = '' THEN ''
                                        ELSE '…' || right(b.address, 3) END)
                 FROM callback b WHERE b.id = w.callback_id) END,
            'reference', {_REFERENCE}))"""
OFFER_FROM: LiteralString = """
  FROM offer o
  JOIN work_item w ON w.id = o.work_item_id JOIN queue q ON q.id = w.queue_id
  JOIN case_ c ON c.id = w.case_id JOIN department d ON d.id = c.department_id
  JOIN record r ON r.id = c.record_id JOIN customer k ON k.id = r.customer_id"""

WORK_ITEM: LiteralString = f"""
SELECT w.id, w.version, w.case_id, {WORK_ITEM_AUD} AS aud, NULL::uuid AS customer_id,
       {WORK_ITEM_DATA} AS data
  FROM work_item w
  JOIN case_ c ON c.id = w.case_id JOIN department d ON d.id = c.department_id
 WHERE w.id = ANY(%(ids)s)"""

OFFER: LiteralString = f"""
SELECT o.id, o.version, w.case_id, {OFFER_AUD} AS aud, NULL::uuid AS customer_id,
       {OFFER_DATA} AS data {OFFER_FROM}
 WHERE o.id = ANY(%(ids)s)"""

CASE_STEP: LiteralString = f"""
SELECT s.id, s.version, s.case_id, {_AUD} {_HELD} AS aud, NULL::uuid AS customer_id,
       jsonb_build_object(
         'id', s.id, 'version', s.version, 'case_id', s.case_id, 'run_id', s.run_id,
         'process_id', s.process_id, 'key', s.key, 'title', s.title, 'titles', s.titles,
         'kind', s.kind, 'state', s.state, 'state_since', s.state_since, 'why', s.why,
         'reason', s.reason, 'position', s.position, 'group', s.group_key, 'queue_id', s.queue_id,
         'approvals', s.approvals, 'approved', s.approved, 'checklist', s.checklist,
         'form', s.form, 'answers', s.answers, 'rounds', s.rounds, 'owner_id', s.owner_id,
         'due_at', s.due_at, 'done_by', s.done_by, 'done_at', s.done_at,
         'work_item_id', (SELECT w.id FROM work_item w WHERE w.step_id = s.id
                             AND w.state NOT IN ('done', 'cancelled'))) AS data
  FROM case_step s
  JOIN case_ c ON c.id = s.case_id
  JOIN department d ON d.id = c.department_id
  LEFT JOIN LATERAL ({_HOLDERS}) l ON true
 WHERE s.id = ANY(%(ids)s)"""

PRESENCE: LiteralString = """
SELECT p.agent_id AS id, p.version, NULL::uuid AS case_id, ARRAY['all'] AS aud,
       NULL::uuid AS customer_id,
       jsonb_build_object(
         'id', p.agent_id, 'version', p.version, 'status', p.status, 'previous', p.previous,
         'toggles', p.toggles, 'silent', p.silent, 'reason', p.reason, 'since', p.since,
         'planned_return', p.planned_return, 'grace_until', p.grace_until,
         'from', p.was, 'by', p.by_id) AS data
  FROM agent_presence p WHERE p.agent_id = ANY(%(ids)s)"""

LOAD: LiteralString = """
SELECT l.agent_id AS id, l.version, NULL::uuid AS case_id,
       ARRAY['person:' || l.agent_id, 'sup:' || a.department_id] AS aud,
       NULL::uuid AS customer_id,
       jsonb_build_object(
         'id', l.agent_id, 'version', l.version, 'cap_max', coalesce(l.cap_lever, l.cap_max),
         'routed_units', l.routed_units, 'manual_units', l.manual_units,
         'misses', l.misses, 'channels', a.channels,
         'held', coalesce((SELECT jsonb_object_agg(h.channel_kind, h.n)
                             FROM (SELECT w.channel_kind, count(*) AS n FROM work_item w
                                    WHERE w.agent_id = l.agent_id
                                      AND w.state IN ('in_work', 'suspended', 'wrap_up')
                                    GROUP BY w.channel_kind) h), '{}')) AS data
  FROM agent_load l JOIN agent a ON a.person_id = l.agent_id WHERE l.agent_id = ANY(%(ids)s)"""

# That there is one; its words are fetched by whoever opens the Case.
DRAFT: LiteralString = f"""
SELECT x.id, x.version, x.case_id,
       CASE WHEN x.shared THEN {_AUD} {_HELD} ELSE '{{}}'::text[] END
         || ARRAY['person:' || x.person_id] AS aud, NULL::uuid AS customer_id,
       jsonb_build_object('id', x.id, 'version', x.version, 'case_id', x.case_id,
         'person_id', x.person_id, 'person', p.name, 'mode', x.mode, 'channel', x.channel,
         'shared', x.shared, 'updated_at', x.updated_at) AS data
  FROM draft x
  JOIN person p ON p.id = x.person_id
  JOIN case_ c ON c.id = x.case_id
  JOIN department d ON d.id = c.department_id
  LEFT JOIN LATERAL ({_HOLDERS}) l ON true
 WHERE x.id = ANY(%(ids)s)"""
BULK_JOB: LiteralString = """
SELECT j.id, j.version, NULL::uuid AS case_id, ARRAY['person:' || j.person_id] AS aud,
       NULL::uuid AS customer_id,
       jsonb_build_object(
         'id', j.id, 'version', j.version, 'action', j.action, 'args', j.args - 'steps',
         'state', j.state,
         'total', j.total, 'done', j.done, 'failed', j.failed, 'undo', j.undo,
         'undone', j.undone, 'kept', j.kept, 'created_at', j.created_at,
         'ended_at', j.ended_at, 'undo_until', j.ended_at + CASE WHEN j.total <= 1000
             THEN interval '10 minutes' ELSE interval '10 seconds' END) AS data
  FROM bulk_job j WHERE j.id = ANY(%(ids)s)"""

NOTICE: LiteralString = f"""
SELECT n.id, n.version, NULL::uuid AS case_id, ARRAY['person:' || n.person_id] AS aud,
       NULL::uuid AS customer_id,
       jsonb_build_object(
         'id', n.id, 'version', n.version, 'kind', n.kind, 'case_id', n.case_id,
         'reference', {_REFERENCE}, 'message_id', n.message_id, 'from_name', n.from_name,
         'text', n.text, 'at', n.at, 'read_at', n.read_at, 'urgent', n.urgent,
         'run_id', n.run_id) AS data
  FROM notice n LEFT JOIN case_ c ON c.id = n.case_id WHERE n.id = ANY(%(ids)s)"""

# What concerns a sealed matter is not told on the stream: who may see it finds it in the list.
ALERT: LiteralString = f"""
SELECT a.id, a.version, NULL::uuid AS case_id,
       CASE WHEN 'sealed' IN (c.visibility, d.visibility) THEN '{{}}'::text[]
            ELSE ARRAY['sup:' || a.department_id] END AS aud, NULL::uuid AS customer_id,
       to_jsonb(a) - 'key'
         || jsonb_build_object('reference', {_REFERENCE}, 'title', c.title) AS data
  FROM alert a LEFT JOIN case_ c ON c.id = a.case_id
  LEFT JOIN department d ON d.id = c.department_id
 WHERE a.id = ANY(%(ids)s)"""

BY_ENTITY: Mapping[str, LiteralString] = {
    "case": CASE,
    "interaction": INTERACTION,
    "message": MESSAGE,
    "chat_message": CHAT_MESSAGE,
    "work_item": WORK_ITEM,
    "offer": OFFER,
    "case_step": CASE_STEP,
    "presence": PRESENCE,
    "load": LOAD,
    "draft": DRAFT,
    "bulk_job": BULK_JOB,
    "notice": NOTICE,
    "alert": ALERT,
}

Data = dict[str, object]


async def of(session: Session, entity: str, ids: Sequence[UUID]) -> dict[UUID, Data]:
    """Return the JSON of many entities of one kind by id; unknown ids are missing."""
    if not ids:
        return {}
    query = "SELECT p.id, p.data FROM (" + BY_ENTITY[entity] + ") p"
    found = await session.execute(query, {"ids": list(ids)})
    return {row[0]: row[1] for row in await found.fetchall()}


_AUDIENCES: LiteralString = " UNION ALL ".join(
    f"SELECT id, aud FROM ({one}) {name}"
    for name, one in (("c_", CASE), ("w_", WORK_ITEM), ("o_", OFFER), ("s_", CASE_STEP))
)


async def audiences(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Return the audience tags of Cases, WorkItems, Offers and steps as they are now, by id.

    For ``aud_was``: ask before a move, and who loses sight of something is told that it is gone.
    """
    found = await session.execute(_AUDIENCES, {"ids": list(ids)})
    return {row[0]: row[1] for row in await found.fetchall()}


async def cases(session: Session, ids: Sequence[UUID]) -> dict[UUID, Data]:
    """Cases by id."""
    return await of(session, "case", ids)


async def interactions(session: Session, ids: Sequence[UUID]) -> dict[UUID, Data]:
    """Interactions by id."""
    return await of(session, "interaction", ids)


async def messages(session: Session, ids: Sequence[UUID]) -> dict[UUID, Data]:
    """Messages by id; the links of files are empty and signed by whoever answers a person."""
    return await of(session, "message", ids)


async def work_items(session: Session, ids: Sequence[UUID]) -> dict[UUID, Data]:
    """WorkItems by id."""
    return await of(session, "work_item", ids)


async def offers(session: Session, ids: Sequence[UUID]) -> dict[UUID, Data]:
    """Offers with their cards by id."""
    return await of(session, "offer", ids)


async def case_steps(session: Session, ids: Sequence[UUID]) -> dict[UUID, Data]:
    """Steps by id."""
    return await of(session, "case_step", ids)


async def presences(session: Session, ids: Sequence[UUID]) -> dict[UUID, Data]:
    """Presences by the id of the Agent."""
    return await of(session, "presence", ids)


async def loads(session: Session, ids: Sequence[UUID]) -> dict[UUID, Data]:
    """Loads by the id of the Agent."""
    return await of(session, "load", ids)
