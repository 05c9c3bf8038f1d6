"""Hook: other systems are told, signed, again and again until they have it or it gives up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.domain import hook
from polyphony.domain.errors import Invalid, NotFound
from polyphony.ports import KeyRing, Outgoing
from polyphony.store import configuration, hooks
from polyphony.store.database import Session
from polyphony.store.hooks import HOOK, Due, NewCall, Settled
from polyphony.store.keys import key

KEPT = timedelta(days=30)
TEST = "hook.test"


def _about(id_: UUID) -> str:
    return f"hook:{id_}"


async def new_secret(
    session: Session, id_: UUID, chance: bytes, ring: KeyRing, at: datetime
) -> str:
    """Give a system a new secret and return it, once; kept is only the sealed one."""
    if await configuration.one(session, HOOK, id_) is None:
        raise NotFound("hook")
    made = hook.secret(chance)
    await hooks.set_secret(session, id_, ring.seal(made, _about(id_)), at)
    return made


async def test(session: Session, id_: UUID, at: datetime) -> UUID:
    """Promise a call that only says that it is one; return it."""
    if await configuration.one(session, HOOK, id_) is None:
        raise NotFound("hook")
    words = hook.body(TEST, at, {"entity": "hook", "id": str(id_)})
    made = NewCall(key(at), id_, None, TEST, words)
    await hooks.add(session, [made], at)
    return made.id


@dataclass(frozen=True, slots=True)
class Tried:
    """A try and the answer: its status, or None; ``refused``: nothing may be sent there."""

    due: Due
    status: int | None = None
    after: str = ""
    refused: str = ""


async def call(due: Due, ring: KeyRing, outgoing: Outgoing, at: datetime) -> Tried:
    """Make one call: signed over its very bytes, redirects not followed, the answer not read."""
    if due.secret is None:
        return Tried(due, refused="no_secret")
    sealed = [one for one in (due.secret, due.old_secret) if one is not None]
    secrets = [ring.unseal(one, _about(due.hook_id)) for one in sealed]
    words, sent = due.body.encode(), int(at.timestamp())
    headers = {
        "Content-Type": "application/json",
        "webhook-id": str(due.id),
        "webhook-timestamp": str(sent),
        "webhook-signature": hook.signature(secrets, due.id, sent, words),
    }
    try:
        told = await outgoing.request("POST", due.url, headers=headers, body=words, redirects=0)
    except Invalid as refused:
        # An answer that is too big was an answer; all else the client refuses to send at all.
        big = refused.code == "outgoing.too_big"
        return Tried(due, None) if big else Tried(due, refused="refused")
    except OSError:
        return Tried(due, None)
    return Tried(due, told.status, told.headers.get("retry-after", ""))


async def settle(
    session: Session, tried: Sequence[Tried], at: datetime, chances: Sequence[float]
) -> None:
    """Write what became of tries: over, again later, or given up."""
    batch = [_settled(one, at, chance) for one, chance in zip(tried, chances, strict=True)]
    await hooks.settle(session, batch, at)


def _settled(one: Tried, at: datetime, chance: float) -> Settled:
    if one.refused:
        return Settled(one.due.id, "failed", at, None, one.refused)
    found = hook.verdict(one.status, one.due.tries, chance, after=one.after)
    later = at + timedelta(seconds=found.wait_s)
    return Settled(one.due.id, found.state, later, one.status, found.why or None)


async def tidy(session: Session, at: datetime) -> None:
    """Forget calls that were over a month ago."""
    await hooks.prune(session, at - KEPT)
