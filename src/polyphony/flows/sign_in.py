"""Sign in: password, second factor, one-time links; sessions begin, live and end."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.domain import password
from polyphony.domain.errors import Conflict, Forbidden, Invalid, NotAuthenticated, RateLimited
from polyphony.domain.event import Actor, NewEvent, Op
from polyphony.ports import KeyRing
from polyphony.store import events, people
from polyphony.store.database import Session
from polyphony.store.keys import key

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
FIRST_LINK = timedelta(minutes=15)
INVITATION = timedelta(hours=72)
WINDOW = timedelta(minutes=15)
ATTEMPTS = 10
SEEN_EVERY = timedelta(minutes=1)
FIRST_EMAIL = "admin@localhost"
PAGE = "#/link/"
"""Where the workspace takes a one-time link; the token follows."""


@dataclass(frozen=True, slots=True)
class Caller:
    """From where somebody calls: network address and what his browser calls itself."""

    address: str
    device: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """A session that just began; ``token`` exists only here and in the cookie."""

    token: str
    csrf: str
    person: UUID
    session: UUID


def hashed(token: str) -> bytes:
    """Return what is stored of a token with 256 bits of chance: a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _gates(email: str, caller: Caller) -> Sequence[str]:
    who = hashlib.sha256(email.encode("utf-8", "replace")).hexdigest()
    return (f"sign_in:account:{who}", f"sign_in:address:{caller.address}")


async def knock(
    session: Session, email: str, caller: Caller, at: datetime
) -> people.Credentials | None:
    """Count the attempt and look the account up; commit before the password is checked.

    Raises RateLimited after ten failures in fifteen minutes by account or by address.
    """
    await _limit(session, _gates(email, caller), at)
    return await people.credentials(session, email=email)


async def _limit(session: Session, gates: Sequence[str], at: datetime) -> None:
    counted = await people.attempt(session, gates, at, WINDOW)
    after = [
        int((since + WINDOW - at).total_seconds()) + 1
        for count, since in counted.values()
        if count > ATTEMPTS
    ]
    if after:
        raise RateLimited("sign_in.too_often", {"after_s": max(after)})


def prove(known: people.Credentials | None, given: str) -> people.Credentials:
    """Check the password; the same work and answer for unknown and disabled accounts.

    Takes a quarter of a second of one core: call it in a thread, outside any transaction.
    """
    fits = password.matches(known.password_hash if known else None, given)
    if known is None or known.state != "active" or not fits:
        raise NotAuthenticated("sign_in.refused")
    return known


async def second_factor(
    session: Session, known: people.Credentials, code: str | None, keys: KeyRing, at: datetime
) -> bool:
    """Check the code when the account asks for one; return whether it did. A code works once."""
    if known.totp_secret is None:
        return False
    if not code:
        raise NotAuthenticated("sign_in.code_needed")
    secret = bytes.fromhex(keys.unseal(known.totp_secret, f"person:{known.id}:totp"))
    step = password.step_of(secret, code, int(at.timestamp()), known.totp_used)
    if step is None or not await people.spend_step(session, known.id, step):
        raise NotAuthenticated("sign_in.refused")
    return True


async def begin(
    session: Session, person: UUID, caller: Caller, at: datetime, *, strong: bool = False
) -> Begun:
    """Begin a session; its token is new, whatever the caller held before."""
    token, csrf, id_ = secrets.token_urlsafe(32), secrets.token_urlsafe(24), key(at)
    await people.begin(
        session,
        people.NewSignIn(
            id_,
            person,
            hashed(token),
            csrf,
            at,
            at + ABSOLUTE,
            strong,
            caller.address,
            caller.device[:200],
        ),
    )
    return Begun(token, csrf, person, id_)


async def welcome(session: Session, email: str, caller: Caller) -> None:
    """Take back the counted attempt: it was the right person."""
    await people.forgive(session, _gates(email, caller))


async def recognise(session: Session, token: str, at: datetime) -> people.SignIn | None:
    """Return the living session of a token, or None."""
    return await people.signed_in(session, hashed(token), at, at - IDLE)


async def end(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    sign_in: UUID | None = None,
    person: UUID | None = None,
) -> int:
    """End one session or all of a person; their sockets close by the event. Return how many."""
    ended = await people.end(session, at, sign_in=sign_in, person=person)
    if ended:
        await events.append(
            session,
            [
                NewEvent(
                    "sign_in.revoked",
                    Op.FACT,
                    "sign_in",
                    one,
                    None,
                    [f"person:{who}"],
                    actor_kind=by.kind,
                    actor_id=by.id,
                )
                for one, who in ended
            ],
        )
    return len(ended)


# ── one-time links ──────────────────────────────────────────────────────────────────────────────


async def link(session: Session, person: UUID, purpose: str, at: datetime) -> str:
    """Make a one-time link (first 15 minutes, invite and reset 72 hours); return its token."""
    token = secrets.token_urlsafe(32)
    until = at + (FIRST_LINK if purpose == "first" else INVITATION)
    await people.add_link(session, hashed(token), person, purpose, until)
    return token


async def first_link(session: Session, at: datetime) -> str | None:
    """Create the first administrator when nobody exists; return where his link leads, else None.

    The path hides the token behind ``#``, so that no server ever logs it. As long as he has no
    password, each start gives him a fresh link.
    """
    person = await people.first(session, key(at), FIRST_EMAIL)
    return PAGE + await link(session, person, "first", at) if person else None


async def by_link(session: Session, token: str, caller: Caller, at: datetime) -> Begun:
    """Use a link up and begin a session; raise NotAuthenticated when it is no good."""
    found = await people.use_link(session, hashed(token.rpartition(PAGE)[2]), at)
    if found is None:
        raise NotAuthenticated("sign_in.link_refused")
    if found.purpose == "reset":
        await end(session, Actor("person", found.person_id), at, person=found.person_id)
    return await begin(session, found.person_id, caller, at)


async def guard_link(session: Session, caller: Caller, at: datetime) -> None:
    """Count an attempt to use a link from this address; commit before it is tried."""
    await _limit(session, (f"sign_in:link:{caller.address}",), at)


async def welcome_link(session: Session, caller: Caller) -> None:
    """Take the counted attempt back: the link was good."""
    await people.forgive(session, (f"sign_in:link:{caller.address}",))


# ── own password and second factor ──────────────────────────────────────────────────────────────


def new_digest(known: people.Credentials, old: str | None, new: str, *, by_link: bool) -> str:
    """Check the old password (not after a link) and the quality of the new one; return its digest.

    Half a second of one core: call it in a thread.
    """
    if (
        known.password_hash is not None
        and not by_link
        and not password.matches(known.password_hash, old or "")
    ):
        raise Forbidden("password.old_wrong", {"needs": ["old"]})
    password.check(new, known.email, known.name)
    return password.digest(new, secrets.token_bytes(password.SALT_BYTES))


async def change_password(
    session: Session, person: UUID, digest: str, keep: UUID, at: datetime
) -> None:
    """Store a new digest and end all other sessions of the person."""
    await people.set_password(session, person, digest)
    others = await people.others(session, person, keep)
    for one in others:  # a handful of browsers of one person
        await end(session, Actor("person", person), at, sign_in=one)


async def propose_totp(session: Session, person: UUID, keys: KeyRing) -> bytes:
    """Make a secret for an authenticator app; it counts only after its first code."""
    secret = secrets.token_bytes(20)
    await people.propose_totp(session, person, keys.seal(secret.hex(), f"person:{person}:totp"))
    return secret


async def confirm_totp(
    session: Session, known: people.Credentials, code: str, keys: KeyRing, at: datetime
) -> None:
    """Switch the second factor on when the first code is right; raise Invalid or Conflict."""
    if known.totp_pending is None:
        raise Conflict("totp.not_begun")
    about = f"person:{known.id}:totp"
    secret = keys.unseal(known.totp_pending, about)
    step = password.step_of(bytes.fromhex(secret), code, int(at.timestamp()), None)
    if step is None:
        raise Invalid("totp.wrong_code")
    await people.set_totp(session, known.id, keys.seal(secret, about), step)


async def drop_totp(session: Session, person: UUID, *, strong: bool) -> None:
    """Switch the second factor off; only a session that has shown it may."""
    if not strong:
        raise Forbidden("totp.sign_in_with_code_first", {"needs": ["code"]})
    await people.set_totp(session, person, None)
