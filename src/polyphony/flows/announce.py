"""Announce: tell the log what changed, as every screen will see it, in the same transaction."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from polyphony.domain.event import Actor
from polyphony.store import events
from polyphony.store.database import Session

_ENTITY = {
    "cases": "case",
    "interactions": "interaction",
    "messages": "message",
    "chat_messages": "chat_message",
    "work_items": "work_item",
    "offers": "offer",
    "case_steps": "case_step",
    "presences": "presence",
    "loads": "load",
    "drafts": "draft",
    "bulk_jobs": "bulk_job",
    "notices": "notice",
    "alerts": "alert",
}


async def announce(
    session: Session,
    *,
    actor: Actor,
    types: Mapping[UUID | str, str] | None = None,
    was: Mapping[UUID, Sequence[str]] | None = None,
    **changed: Sequence[UUID],
) -> None:
    """Append one event per changed entity with its whole projection.

    ``changed`` are ids by plural: cases, interactions, messages, work_items, offers, presences,
    loads, notices. ``types`` names the event per id or per entity (``{"case": "case.opened"}``),
    ``was`` the audience before a move (``projections.audiences``). Messages of a chat are told to
    the customer's own screen too, as ``chat_message`` without anything internal.
    """
    for plural, ids in changed.items():  # one by one: at most ten kinds
        change = events.Change(_ENTITY[plural], ids, types or {}, was or {})
        await events.append_rows(session, change, actor)
    if changed.get("messages"):
        chat = events.Change("chat_message", changed["messages"])
        await events.append_rows(session, chat, Actor(actor.kind, cid=actor.cid))
