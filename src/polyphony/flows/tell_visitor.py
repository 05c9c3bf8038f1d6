"""Tell visitor: lines a chat customer sees too: who is here for him, that the chat has ended."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from polyphony.store import messages
from polyphony.store.database import Session
from polyphony.store.keys import key
from polyphony.store.messages import MessageRow

JOINED, ENDED = "chat.joined", "chat.ended"
"""Codes; the widget has the words in the visitor's language."""


async def joined(session: Session, interaction: UUID, agent: UUID, at: datetime) -> list[UUID]:
    """Leave the line that says who is here, unless it was him before; return what was written."""
    before = await messages.last_with_code(session, interaction, JOINED)
    if before == agent:
        return []
    name = await messages.name_of(session, agent)
    return await _write(session, [(interaction, JOINED, agent, name)], at)


async def ended(session: Session, interactions: Sequence[UUID], at: datetime) -> list[UUID]:
    """Leave the line that says a chat is over; return what was written."""
    return await _write(session, [(one, ENDED, None, "") for one in interactions], at)


async def _write(
    session: Session, lines: Sequence[tuple[UUID, str, UUID | None, str]], at: datetime
) -> list[UUID]:
    if not lines:
        return []
    positions = await messages.positions(session, len(lines))
    made = [
        MessageRow(
            id=key(at),
            interaction_id=interaction,
            position=position,
            kind="system",
            author_kind="person" if agent else "system",
            author_id=agent,
            author_name=name,
            at=at,
            facts={"code": code, "customer": True},
        )
        for position, (interaction, code, agent, name) in zip(positions, lines, strict=True)
    ]
    await messages.add(session, made)
    return [one.id for one in made]
