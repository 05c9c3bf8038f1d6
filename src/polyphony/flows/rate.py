"""Rate: a visitor says how it was; his agents read it in the stream of the Case."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.domain.case import CaseState
from polyphony.domain.errors import Conflict, NotFound
from polyphony.domain.event import Actor
from polyphony.domain.interaction import InteractionState
from polyphony.flows.announce import announce
from polyphony.store import cases, chat_cases, interactions, messages
from polyphony.store.chat import ChatSession
from polyphony.store.chat_cases import ChatCase, Rating
from polyphony.store.database import Session
from polyphony.store.keys import key
from polyphony.store.messages import MessageRow

CODE = "rating"
"""The code of the line; its words are the visitor's own, its ``score`` are the stars."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """One to five stars for the newest chat of a Case, and words beside them."""

    case: UUID
    score: int
    words: str = ""


def ratable(one: ChatCase) -> bool:
    """Tell whether it is time to ask: somebody answered, and the chat or the matter is over."""
    over = one.state in (CaseState.SOLVED, CaseState.CLOSED)
    return one.answered and (over or one.talk == InteractionState.ENDED)


async def rate(session: Session, who: ChatSession, said: Opinion, at: datetime) -> None:
    """Keep an opinion, or change the one given before; raise NotFound for a Case of others.

    Raises Conflict when nobody has answered yet or the chat still goes on.
    """
    await cases.locked(session, [said.case])
    found = await chat_cases.listed(session, who, said.case)
    if not found:
        raise NotFound("chat.case")
    if not ratable(found[0]):
        raise Conflict("chat.rating_early")
    before = await chat_cases.rating_of(session, found[0].talk_id)
    if before is None:
        told = await _tell(session, who, found[0].talk_id, said, at)
    else:
        told = before.message_id
        await chat_cases.retell(session, told, said.words, said.score)
        kept = Rating(
            before.id, before.interaction_id, before.identity_id, before.agent_id,
            told, said.score, said.words, at,
        )  # fmt: skip
        await chat_cases.rate(session, kept)
    await announce(
        session,
        actor=Actor("customer", who.identity_id, name=who.name),
        types={told: "rating.given"},
        messages=[told],
    )


async def _tell(
    session: Session, who: ChatSession, talk: UUID, said: Opinion, at: datetime
) -> UUID:
    strip = (await interactions.by_ids(session, [talk]))[talk]
    line = MessageRow(
        id=key(at),
        interaction_id=talk,
        position=(await messages.positions(session, 1))[0],
        kind="system",
        author_kind="customer",
        author_id=who.identity_id,
        author_name=who.name,
        at=at,
        text=said.words,
        facts={"code": CODE, "score": said.score},
    )
    await messages.add(session, [line])
    new = Rating(
        key(at), talk, who.identity_id, strip.agent_id, line.id, said.score, said.words, at
    )
    await chat_cases.rate(session, new)
    return line.id
