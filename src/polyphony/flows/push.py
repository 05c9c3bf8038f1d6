"""Push: tell the sleeping devices of people about Offers and mentions, once or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from polyphony.domain import preference, push
from polyphony.ports import KeyRing, Pusher, Subscription
from polyphony.store import web_push
from polyphony.store.database import Session

ABOUT = "web_push_key"
MANY = 200
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One push ready to be sent to one device."""

    device: UUID
    to: Subscription
    payload: dict[str, object]
    ttl_s: int


async def public_key(session: Session, pusher: Pusher, ring: KeyRing, at: datetime) -> str:
    """Return the key browsers subscribe with; made at the first asking, private part sealed."""
    kept = await web_push.keys(session)
    if kept is None:
        made = pusher.make_keys()
        sealed = ring.seal(made.private, ABOUT)
        await web_push.keep_keys(session, web_push.Keys(made.public, sealed), at)
        kept = await web_push.keys(session)
    if kept is None:  # pragma: no cover - the row is there or another process has made it
        raise RuntimeError("no web push key")
    return kept.public_key


async def private_key(session: Session, ring: KeyRing) -> str | None:
    """Return the key that signs; None while nobody has ever subscribed."""
    kept = await web_push.keys(session)
    return ring.unseal(kept.sealed, ABOUT) if kept else None


async def claim(session: Session, at: datetime) -> Sequence[Parcel]:
    """Take what must be pushed now; commit before anything is sent.

    What a person does not want, or not at this hour, counts as told.
    """
    due = await web_push.claim(session, push.PUSHED, at, MANY)
    return [_parcel(one, at) for one in due if _wanted(one, at)]


def _wanted(one: web_push.Push, at: datetime) -> bool:
    if one.urgent:  # whoever is on call is called, at any hour
        return True
    if not preference.wants(one.settings, one.kind, "os"):
        return False
    try:
        zone = ZoneInfo(one.zone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return not preference.is_quiet(one.settings, at.astimezone(zone))


def _parcel(one: web_push.Push, at: datetime) -> Parcel:
    payload: dict[str, object] = {
        "kind": one.kind,
        "id": str(one.about_id),
        "case": str(one.case_id) if one.case_id else None,
        "title": push.title(one.kind, one.language, one.name),
        "body": one.text[: push.TEXT_MAX],
    }
    to = Subscription(one.endpoint, one.p256dh, one.auth)
    return Parcel(one.device_id, to, payload, push.ttl_s(one.until, at))


async def tidy(session: Session, at: datetime) -> None:
    """Forget what was pushed before yesterday."""
    await web_push.tidy(session, at - KEPT)
