"""Web push: the deployment's keys, devices of people, what must be pushed and was not yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.store.database import Session, row, rows

FAILURES_MAX = 10
"""A device that refuses so often in a row is forgotten."""
DEVICES_MAX = 20


@dataclass(frozen=True, slots=True)
class Keys:
    """The VAPID pair; ``sealed`` is the private key as the key ring closed it."""

    public_key: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Device:
    """A browser that wants to be told while nobody looks."""

    id: UUID
    device: str
    made_at: datetime
    pushed_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A subscription as the browser gave it."""

    id: UUID
    person_id: UUID
    endpoint: str
    p256dh: str
    auth: str
    device: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Push:
    """Something to tell one device: an Offer, or a notice of a kind."""

    device_id: UUID
    endpoint: str
    p256dh: str
    auth: str
    about_id: UUID
    kind: str
    case_id: UUID | None
    name: str
    text: str
    language: str
    zone: str
    settings: dict[str, object]
    until: datetime | None
    urgent: bool = False


async def keys(session: Session) -> Keys | None:
    """Return the deployment's pair; None before the first start."""
    return await row(session, "SELECT public_key, sealed FROM web_push_key", [], Keys)


async def keep_keys(session: Session, made: Keys, at: datetime) -> None:
    """Keep a pair unless another process has made one."""
    await session.execute(
        "INSERT INTO web_push_key (public_key, sealed, made_at) VALUES (%s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        [made.public_key, made.sealed, at],
    )


async def devices(session: Session, person: UUID) -> Sequence[Device]:
    """Return the devices of a person, newest first."""
    return await rows(
        session,
        "SELECT id, device, made_at, pushed_at FROM web_push WHERE person_id = %s"
        " ORDER BY made_at DESC, id DESC",
        [person],
        Device,
    )


async def add(session: Session, new: NewDevice) -> None:
    """Keep a device; a browser that changed hands belongs to who signed in last."""
    await session.execute(
        """INSERT INTO web_push (id, person_id, endpoint, p256dh, auth, device, made_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s)
           ON CONFLICT (endpoint) DO UPDATE SET person_id = excluded.person_id,
               p256dh = excluded.p256dh, auth = excluded.auth, device = excluded.device,
               failures = 0""",
        [new.id, new.person_id, new.endpoint, new.p256dh, new.auth, new.device, new.at],
    )
    await session.execute(
        """DELETE FROM web_push WHERE person_id = %s AND id NOT IN (
               SELECT id FROM web_push WHERE person_id = %s
                ORDER BY made_at DESC, id DESC LIMIT %s)""",
        [new.person_id, new.person_id, DEVICES_MAX],
    )


async def drop(session: Session, person: UUID, device: UUID) -> bool:
    """Forget a device of a person; False when there is none."""
    found = await session.execute(
        "DELETE FROM web_push WHERE id = %s AND person_id = %s", [device, person]
    )
    return found.rowcount == 1


async def claim(session: Session, kinds: Sequence[str], at: datetime, many: int) -> Sequence[Push]:
    """Take what must be pushed now: open Offers and fresh unread notices of these kinds."""
    return await rows(
        session,
        """WITH due AS (
               SELECT d.id AS device_id, d.endpoint, d.p256dh, d.auth, o.id AS about_id,
                      'offer' AS kind, w.case_id, coalesce(k.name, '') AS name,
                      c.title AS text, o.deadline AS until, d.person_id, false AS urgent
                 FROM web_push d JOIN offer o ON o.agent_id = d.person_id AND o.state = 'offered'
                 JOIN work_item w ON w.id = o.work_item_id
                 JOIN case_ c ON c.id = w.case_id
                 LEFT JOIN record r ON r.id = c.record_id
                 LEFT JOIN customer k ON k.id = r.customer_id
               UNION ALL
               SELECT d.id, d.endpoint, d.p256dh, d.auth, n.id, n.kind, n.case_id, n.from_name,
                      n.text, NULL::timestamptz, d.person_id, n.urgent
                 FROM web_push d JOIN notice n ON n.person_id = d.person_id
                WHERE n.read_at IS NULL AND n.kind = ANY(%(kinds)s)
                  AND n.at > %(at)s - interval '2 minutes' AND n.at >= d.made_at),
             taken AS (
               INSERT INTO web_push_sent (device_id, about_id, at)
               SELECT device_id, about_id, %(at)s FROM due
                WHERE NOT EXISTS (SELECT FROM web_push_sent s
                                   WHERE s.device_id = due.device_id AND s.about_id = due.about_id)
                LIMIT %(many)s
               ON CONFLICT DO NOTHING RETURNING device_id, about_id)
           SELECT due.device_id, due.endpoint, due.p256dh, due.auth, due.about_id, due.kind,
                  due.case_id, due.name, due.text, p.language, p.zone, p.settings, due.until,
                  due.urgent
             FROM due JOIN taken USING (device_id, about_id) JOIN person p ON p.id = due.person_id
            WHERE p.state = 'active'""",
        {"kinds": list(kinds), "at": at, "many": many},
        Push,
    )


async def settle(
    session: Session, good: Sequence[UUID], bad: Sequence[UUID], gone: Sequence[UUID], at: datetime
) -> None:
    """Note how the services took it; devices that are gone or refuse for ever are forgotten."""
    await session.execute(
        "UPDATE web_push SET pushed_at = %s, failures = 0 WHERE id = ANY(%s)", [at, list(good)]
    )
    await session.execute(
        "UPDATE web_push SET failures = failures + 1 WHERE id = ANY(%s)", [list(bad)]
    )
    await session.execute(
        "DELETE FROM web_push WHERE id = ANY(%s) OR failures >= %s", [list(gone), FAILURES_MAX]
    )


async def tidy(session: Session, before: datetime) -> None:
    """Forget what was pushed long ago."""
    await session.execute("DELETE FROM web_push_sent WHERE at < %s", [before])
