"""Greet: a visitor comes to the widget or comes back; who he is decides what he sees."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

import orjson

from polyphony.domain import chat
from polyphony.domain.errors import NotAuthenticated, NotFound, RateLimited
from polyphony.flows.vouch import Lock, lock_of, vouch
from polyphony.ports import KeyRing
from polyphony.store import chat as chats
from polyphony.store import chat_codes
from polyphony.store.chat import ChatAccount, ChatSession
from polyphony.store.database import Session
from polyphony.store.keys import key

HOUR_S = 3_600
_PAGE_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Coming:
    """What a page says when the widget opens; nothing of it is believed without proof.

    ``resume`` is the bearer of an earlier session, ``link`` the token of a link from another
    device, ``origin`` empty outside browsers.
    """

    account_key: str
    origin: str
    address: str
    token: object = None
    user: object = None
    language: str = ""
    page: str = ""
    resume: str = ""
    link: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Greeted:
    """The visitor has a session; ``token`` is its bearer, known to nobody else."""

    token: str
    session: ChatSession
    account: ChatAccount


def hashed(token: str) -> bytes:
    """Return what we keep of a bearer: it has 256 bits of chance, so a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def read_coming(body: object, origin: str, address: str) -> Coming:
    """Take apart what the widget sent; raise NotFound without a key of an account."""
    if not isinstance(body, Mapping) or not isinstance(body.get("key"), str):
        raise NotFound("chat.account")
    resume, page, link = body.get("resume"), body.get("page"), body.get("link")
    return Coming(
        account_key=str(body["key"])[:200],
        origin=origin,
        address=address,
        token=body.get("token"),
        user=body.get("user"),
        language=chat.language(body.get("language")),
        page=chat.label(page, _PAGE_MAX) if isinstance(page, str) else "",
        resume=resume if isinstance(resume, str) and len(resume) <= 200 else "",
        link=link if isinstance(link, str) and len(link) <= 200 else "",
        attributes=chat.attributes(body.get("attributes")),
    )


async def account_of(
    session: Session, account_key: str, origin: str, own: frozenset[str]
) -> ChatAccount:
    """Return the account of a public key for this origin; NotFound hides the rest.

    Raises NotAuthenticated when the page is none of the account's (nor ours).
    """
    found = await chats.account(session, account_key)
    if found is None or found.state == "paused":
        raise NotFound("chat.account")
    if not admitted(found, origin, own):
        raise NotAuthenticated("chat.origin")
    return found


def admitted(account: ChatAccount, origin: str, own: frozenset[str]) -> bool:
    """Tell whether a page of this origin may show the widget; no origin = no browser."""
    listed = account.settings.get("origins")
    return not origin or origin in own or (isinstance(listed, list) and origin in listed)


def still_admitted(account: ChatAccount, who: ChatSession) -> bool:
    """Tell whether a session goes on under what its account demands by now."""
    return chat.still_admitted(who.how, lock_of(account.address, account.settings, {}).enforce)


def locked(account: ChatAccount, ring: KeyRing) -> Lock:
    """Open the secrets of an account and return its lock."""
    held: dict[str, str] = {}
    if account.secrets:
        held = orjson.loads(ring.unseal(account.secrets, f"account:{account.id}"))
    return lock_of(account.address, account.settings, held)


async def greet(
    session: Session, account: ChatAccount, coming: Coming, ring: KeyRing, at: datetime
) -> Greeted:
    """Let a visitor in: resume his session or begin one.

    Raises NotAuthenticated for a wrong or missing proof, RateLimited beyond 60 new sessions an
    hour from one network address.
    """
    visitor = vouch(locked(account, ring), coming.token, coming.user, at)
    old = await _resumed(session, account, coming, visitor, at)
    if old is not None:
        return Greeted(coming.resume, old, account)
    counted = await chat_codes.count(session, f"chat-session:{coming.address}", HOUR_S, at)
    given = account.settings.get("sessions_per_hour")
    most = given if isinstance(given, int) and given > 0 else chat.SESSIONS_PER_HOUR
    if counted.count > most:
        after = HOUR_S - int((at - counted.since).total_seconds())
        raise RateLimited("chat.too_many_sessions", {"after_s": max(1, after)})
    return await begun_for(session, account, coming, visitor, at)


async def _resumed(
    session: Session, account: ChatAccount, coming: Coming, visitor: chat.Visitor, at: datetime
) -> ChatSession | None:
    """Go on with an old session, unless somebody else stands at the widget now."""
    if not coming.resume:
        return None
    found = await chats.resume(session, hashed(coming.resume), account.id, at, at + chat.RESUME)
    if found is None:
        return None
    if found.key != visitor.key and visitor.key:
        return None
    if coming.attributes and coming.attributes != found.attributes:
        await chats.describe(session, found.id, coming.attributes)
        return replace(found, attributes=dict(coming.attributes))
    return found


async def begun_for(
    session: Session, account: ChatAccount, coming: Coming, visitor: chat.Visitor, at: datetime
) -> Greeted:
    """Begin a session for a visitor who has been let in."""
    token = secrets.token_urlsafe(32)
    session_id = key(at)
    made = await chats.begin(
        session,
        chats.NewSession(
            id=session_id,
            identity_id=key(at),
            account_id=account.id,
            key=visitor.key or chat.newcomer_key(session_id),
            token_hash=hashed(token),
            assurance=visitor.assurance,
            how=visitor.how.value,
            name=visitor.name,
            email_claimed=visitor.email or None,
            language=visitor.language or coming.language or chat.language(account.language),
            page=coming.page or None,
            at=at,
            expires_at=at + chat.RESUME,
            attributes=coming.attributes,
        ),
    )
    if visitor.email_proved:
        await chat_codes.prove(session, made.id, visitor.email, key(at), "token", at)
        again = await chats.by_id(session, made.id, at)
        made = again or made
    return Greeted(token, made, account)


async def session_of(session: Session, token: str, at: datetime) -> ChatSession:
    """Return the session of a bearer; raise NotAuthenticated when it is none."""
    found = await chats.by_token(session, hashed(token), at) if 20 <= len(token) <= 200 else None
    if found is None:
        raise NotAuthenticated("chat.session")
    return found


def principal(session_id: UUID) -> str:
    """Return how uploads and tickets name a session."""
    return f"chat:{session_id}"
