"""Carry on: a visitor takes his chats along to another device by a link that opens once."""

import secrets
from dataclasses import replace
from datetime import datetime

from polyphony.domain import chat
from polyphony.domain.errors import Conflict, NotAuthenticated, RateLimited
from polyphony.flows import elsewhere
from polyphony.flows.greet import Coming, Greeted, begun_for, hashed, locked
from polyphony.flows.vouch import vouch
from polyphony.ports import KeyRing
from polyphony.store import chat as chats
from polyphony.store import chat_cases, chat_codes
from polyphony.store.chat import ChatAccount, ChatSession
from polyphony.store.database import Session

HOUR_S = 3_600


async def make_link(
    session: Session, who: ChatSession, account: ChatAccount, at: datetime
) -> tuple[str, datetime]:
    """Return the token of a link and until when it opens; 128 bits of chance, kept as a hash."""
    if not elsewhere.may_open(account):
        raise Conflict("chat.link_forbidden")
    counted = await chat_codes.count(session, f"chat-link:{who.id}", HOUR_S, at)
    if counted.count > chat.LINKS_PER_HOUR:
        after = HOUR_S - int((at - counted.since).total_seconds())
        raise RateLimited("chat.too_many_links", {"after_s": max(1, after)})
    token, until = secrets.token_urlsafe(16), at + chat.LINK_LIFE
    await chat_cases.drop_links(session, at)
    await chat_cases.add_link(session, hashed(token), who.id, at, until)
    return token, until


async def follow_link(
    session: Session, account: ChatAccount, coming: Coming, ring: KeyRing, at: datetime
) -> Greeted:
    """Use a link up: a session of the same customer begins here, assured at most as controlled.

    Raises NotAuthenticated when the link opens nothing: used, over, of another account, or the
    page says that somebody else stands here.
    """
    here = vouch(locked(account, ring), coming.token, coming.user, at)
    made_in = await chat_cases.take_link(session, hashed(coming.link), at)
    if made_in is None and not here.key:
        return await elsewhere.come_back(session, account, coming, at)
    who = (
        await chats.by_id(session, made_in, at) if made_in and elsewhere.may_open(account) else None
    )
    if who is None or who.account_id != account.id or here.key not in ("", who.key):
        raise NotAuthenticated("chat.link")
    visitor = chat.Visitor(
        key=who.key,
        how=chat.How.LINK,
        assurance=min(who.assurance, chat.CONTROLLED),
        name=who.name,
        email=who.email_claimed or "",
        language=coming.language or who.language or "",
    )
    begun = await begun_for(session, account, replace(coming, resume=""), visitor, at)
    if who.email:
        await chat_codes.inherit(session, begun.session.id, who.id)
        begun = replace(begun, session=await chats.by_id(session, begun.session.id, at) or who)
    return begun
