"""Dossier: everything the screen of one Case shows, in a constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.domain.permission import Scope
from polyphony.store.database import Session, row, rows
from polyphony.store.visibility import Condition, heard_by, visible_to

PAGE = 50


@dataclass(frozen=True, slots=True)
class Outline:
    """The ids of what belongs to a Case; ``messages`` newest first, one more than a page."""

    interactions: list[UUID]
    work_items: list[UUID]
    messages: list[UUID]
    positions: list[int]


@dataclass(frozen=True, slots=True)
class Participant:
    """An address that may go on with the Case."""

    identity_id: UUID
    kind: str
    address: str
    how: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReplyTo:
    """Where an answer would go: the stretch the customer used last."""

    interaction_id: UUID
    channel_kind: str
    account_id: UUID
    account: str
    account_state: str
    address: str
    identity_state: str
    state: str


async def outline(session: Session, scope: Scope, case: UUID, *, limit: int = PAGE) -> Outline:
    """Return the ids of interactions, live and recent work, and the newest messages he may read.

    The caller has checked that the actor sees the Case.
    """
    heard, params = heard_by(scope)
    found = await row(
        session,
        f"""WITH newest AS (
               SELECT m.id, m.position FROM message m JOIN interaction i ON i.id = m.interaction_id
                 JOIN case_ c ON c.id = i.case_id
                WHERE i.case_id = %(case)s AND NOT m.hidden AND {heard}
                ORDER BY m.position DESC LIMIT %(limit)s)
           SELECT ARRAY(SELECT id FROM interaction WHERE case_id = %(case)s ORDER BY opened_at, id)
                    AS interactions,
                  ARRAY(SELECT id FROM work_item WHERE case_id = %(case)s ORDER BY created_at, id)
                    AS work_items,
                  ARRAY(SELECT id FROM newest ORDER BY position DESC) AS messages,
                  ARRAY(SELECT position FROM newest ORDER BY position DESC) AS positions""",
        {"case": case, "limit": limit + 1, **params},
        Outline,
    )
    return found or Outline([], [], [], [])


async def older(session: Session, scope: Scope, case: UUID, before: int, limit: int) -> list[UUID]:
    """Return messages before a position he may read, newest first, one more than asked for."""
    heard, params = heard_by(scope)
    found = await session.execute(
        f"""SELECT m.id FROM message m JOIN interaction i ON i.id = m.interaction_id
              JOIN case_ c ON c.id = i.case_id
             WHERE i.case_id = %(case)s AND m.position < %(before)s AND NOT m.hidden AND {heard}
             ORDER BY m.position DESC LIMIT %(limit)s""",
        {"case": case, "before": before, "limit": limit + 1, **params},
    )
    return [UUID(str(one)) for (one,) in await found.fetchall()]


async def participants(session: Session, case: UUID) -> list[Participant]:
    """Return the addresses that take part."""
    return await rows(
        session,
        """SELECT p.identity_id, n.kind, n.address, p.how, p.at
             FROM participant p JOIN identity n ON n.id = p.identity_id
            WHERE p.case_id = %s ORDER BY p.at, p.identity_id""",
        [case],
        Participant,
    )


async def reply_to(session: Session, case: UUID) -> ReplyTo | None:
    """Return the stretch an answer goes by: the one with the customer's newest message."""
    return await row(
        session,
        """SELECT i.id AS interaction_id, i.channel_kind, i.account_id, a.name AS account,
                  a.state AS account_state, n.address, n.state AS identity_state, i.state
             FROM interaction i JOIN channel_account a ON a.id = i.account_id
             JOIN identity n ON n.id = i.identity_id
            WHERE i.case_id = %s
            ORDER BY coalesce(i.last_in_at, i.opened_at) DESC, i.id DESC LIMIT 1""",
        [case],
        ReplyTo,
    )


async def offers_of(session: Session, item: UUID) -> list[UUID]:
    """Return all Offers of a WorkItem, oldest first."""
    found = await session.execute(
        "SELECT id FROM offer WHERE work_item_id = %s ORDER BY made_at, id LIMIT 100", [item]
    )
    return [one[0] for one in await found.fetchall()]


async def read_to(session: Session, case: UUID, person: UUID, position: int) -> None:
    """Note how far a person has read; never backwards."""
    await session.execute(
        """INSERT INTO case_read (case_id, person_id, position) VALUES (%s, %s, %s)
           ON CONFLICT (case_id, person_id)
           DO UPDATE SET position = greatest(case_read.position, excluded.position)""",
        [case, person, position],
    )


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the history of a Case."""

    at: datetime
    type: str
    entity: str | None
    entity_id: UUID | None
    version: int | None
    actor_kind: str
    actor_id: UUID | None
    actor: str | None
    state: str | None
    why: object


async def history(session: Session, case: UUID, limit: int = 200) -> list[Happening]:
    """Return what happened to a Case, newest first, ordered by time and version."""
    return await rows(
        session,
        """SELECT e.at, e.type, e.entity, e.entity_id, e.version, e.actor_kind, e.actor_id,
                  p.name AS actor, e.payload ->> 'state' AS state,
                  coalesce(e.payload -> 'why', e.payload -> 'why_queue') AS why
             FROM event e LEFT JOIN person p ON p.id = e.actor_id
            WHERE e.case_id = %s AND e.entity IS DISTINCT FROM 'chat_message'
              AND NOT coalesce(e.payload->'facts' ? 'whisper_to', false)
            ORDER BY e.at DESC, e.version DESC NULLS LAST LIMIT %s""",
        [case, limit],
        Happening,
    )


async def places(
    session: Session, scope: Scope, table: str, ids: Sequence[UUID]
) -> dict[UUID, UUID]:
    """Return thing → Case for things whose Case the actor sees.

    ``table`` is one of interaction, message, delivery, work_item, offer, file, arrival.
    """
    condition, params = visible_to(scope)
    heard, more = heard_by(scope, "m") if table == "message" else _ALL
    found = await session.execute(
        f"SELECT x.id, c.id FROM ({_PLACES[table]}) x JOIN case_ c ON c.id = x.case_id"
        f" {'JOIN message m ON m.id = x.id' if table == 'message' else ''}"
        f" WHERE {condition} AND {heard}",
        {"ids": list(ids), **params, **more},
    )
    return {UUID(str(one)): UUID(str(case)) for one, case in await found.fetchall()}


_ALL: Condition = ("TRUE", {})
_PLACES = {
    "interaction": "SELECT id, case_id FROM interaction WHERE id = ANY(%(ids)s)",
    "message": """SELECT m.id, i.case_id FROM message m JOIN interaction i
                  ON i.id = m.interaction_id WHERE m.id = ANY(%(ids)s)""",
    "delivery": """SELECT v.id, i.case_id FROM delivery v JOIN message m ON m.id = v.message_id
                   JOIN interaction i ON i.id = m.interaction_id WHERE v.id = ANY(%(ids)s)""",
    "work_item": "SELECT id, case_id FROM work_item WHERE id = ANY(%(ids)s)",
    "offer": """SELECT o.id, w.case_id FROM offer o JOIN work_item w ON w.id = o.work_item_id
                WHERE o.id = ANY(%(ids)s)""",
    "file": """SELECT f.id, i.case_id FROM message_file f JOIN message m ON m.id = f.message_id
               JOIN interaction i ON i.id = m.interaction_id WHERE f.id = ANY(%(ids)s)""",
    "arrival": """SELECT m.arrival_id AS id, i.case_id FROM message m JOIN interaction i
                  ON i.id = m.interaction_id WHERE m.arrival_id = ANY(%(ids)s)""",
}
