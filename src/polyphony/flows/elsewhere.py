"""Elsewhere: a customer goes on with the same Case in a chat, by a link one of us hands him."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from polyphony.domain import chat, chat_words
from polyphony.domain.case import CaseState
from polyphony.domain.errors import Conflict, NotAuthenticated, RateLimited
from polyphony.domain.event import Actor
from polyphony.domain.interaction import InteractionState, Mode
from polyphony.flows.announce import announce
from polyphony.flows.carry_out import Staff, lock
from polyphony.flows.greet import Coming, Greeted, begun_for, hashed
from polyphony.flows.vouch import lock_of
from polyphony.store import cases, chat_codes, hand_overs, interactions, messages
from polyphony.store import chat as chats
from polyphony.store.cases import CaseRow, Participant
from polyphony.store.chat import ChatAccount
from polyphony.store.database import Session
from polyphony.store.hand_overs import HandOver, Taken
from polyphony.store.interactions import InteractionRow
from polyphony.store.keys import key
from polyphony.store.messages import MessageRow

HOUR_S = 3_600
LINKS_PER_HOUR = 20
"""So many links may be made for one Case in an hour."""

_OVER = frozenset({CaseState.CLOSED.value, CaseState.MERGED.value, CaseState.DISCARDED.value})


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A link as it is shown once: its token, the chat it opens, until when."""

    token: str
    account: ChatAccount
    until: datetime


async def hand_out(session: Session, case_id: UUID, staff: Staff, at: datetime) -> HandedOut:
    """Make a link by which the customer goes on with a Case in a chat; it opens once, for a day.

    Raises Conflict ``elsewhere.over`` when the matter is over, ``elsewhere.no_chat`` when there
    is no chat a link may open, RateLimited beyond 20 links an hour.
    """
    case = (await lock(session, [case_id], at)).cases[case_id]
    if case.state in _OVER:
        raise Conflict("elsewhere.over", {"state": case.state})
    account = await _chat_for(session, case_id)
    counted = await chat_codes.count(session, f"hand-over:{case_id}", HOUR_S, at)
    if counted.count > LINKS_PER_HOUR:
        after = HOUR_S - int((at - counted.since).total_seconds())
        raise RateLimited("chat.too_many_links", {"after_s": max(1, after)})
    token, until = secrets.token_urlsafe(16), at + chat.LINK_LIFE
    new = HandOver(hashed(token), case_id, account.id, staff.id, at, until)
    await hand_overs.add(session, new)
    return HandedOut(token, account, until)


async def _chat_for(session: Session, case_id: UUID) -> ChatAccount:
    for one in await hand_overs.chats_for(session, case_id):  # one by one: a department has few
        account = await chats.account_by_id(session, one)
        if account is not None and may_open(account):
            return account
    raise Conflict("elsewhere.no_chat")


def may_open(account: ChatAccount) -> bool:
    """Tell whether a link may open anything: not where everybody must bring a proof of the page."""
    return lock_of(account.address, account.settings, {}).enforce is not chat.Enforce.ALL


async def come_back(
    session: Session, account: ChatAccount, coming: Coming, at: datetime
) -> Greeted:
    """Use a link up: whoever holds it goes on with the Case as a new visitor, level *controlled*.

    He sees what is said from now on and nothing from before: a link may be passed on. Raises
    NotAuthenticated when it opens nothing (used, over, of another account, the matter is over),
    always in the same words.
    """
    found = await hand_overs.take(session, hashed(coming.link), account.id, at)
    if found is None or not may_open(account):
        raise NotAuthenticated("chat.link")
    case = await _case_of(session, found, at)
    visitor = chat.Visitor(
        key=chat.newcomer_key(key(at)),
        how=chat.How.LINK,
        assurance=chat.CONTROLLED,
        language=coming.language or case.language or "",
    )
    greeted = await begun_for(session, account, replace(coming, resume=""), visitor, at)
    await _go_on(session, case, greeted, found, at)
    return greeted


async def _case_of(session: Session, found: Taken, at: datetime) -> CaseRow:
    """Return the Case of a link, wherever a merge has taken it."""
    held = (await lock(session, [found.case_id], at)).cases
    case = held[found.case_id]
    while case.merged_into is not None:
        case = held[case.merged_into]
    if case.state in _OVER:
        raise NotAuthenticated("chat.link")
    return case


async def _go_on(
    session: Session, case: CaseRow, greeted: Greeted, found: Taken, at: datetime
) -> None:
    """Begin a chat in the Case, quiet until its customer writes, and say in it who came how."""
    identity = greeted.session.identity_id
    (place,) = await messages.positions(session, 1)
    strip = _quiet(case, greeted, at)
    line = MessageRow(
        id=key(at),
        interaction_id=strip.id,
        position=place,
        kind="system",
        author_kind="system",
        at=at,
        text=chat_words.here(greeted.session.language or "", case.reference),
        facts={"code": "case.went_on", "by_name": found.made_by_name, "customer": True},
    )
    case.last_item, case.last_at = place, at
    await hand_overs.bind(session, identity, case.record_id, chat.CONTROLLED, at)
    await interactions.add(session, [strip])
    await cases.admit(session, [Participant(case.id, identity, "linked", at)])
    await messages.add(session, [line])
    await cases.save(session, [case])
    await announce(
        session,
        actor=Actor("customer", identity),
        types={strip.id: "interaction.began"},
        cases=[case.id],
        interactions=[strip.id],
        messages=[line.id],
    )


def _quiet(case: CaseRow, greeted: Greeted, at: datetime) -> InteractionRow:
    return InteractionRow(
        id=key(at),
        case_id=case.id,
        channel_kind="chat",
        account_id=greeted.account.id,
        identity_id=greeted.session.identity_id,
        record_id=case.record_id,
        thread_key="",
        direction="in",
        mode=Mode.ASYNC.value,
        state=InteractionState.QUIET.value,
        language=greeted.session.language,
        subject="",
        agent_id=None,
        opened_at=at,
        last_in_at=None,
        last_out_at=None,
        first_human_reply_at=None,
        ended_at=None,
        ended_by=None,
    )
