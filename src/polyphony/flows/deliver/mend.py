"""Mend: release what is due, doubt what a dead worker left, repeat once, heal accounts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from polyphony.domain.delivery import (
    RESEND_AFTER,
    DeliveryMove,
    DeliveryState,
    move,
    when_uncertain,
)
from polyphony.domain.event import SYSTEM, TIMER
from polyphony.domain.move import By, Moved
from polyphony.flows import reply
from polyphony.flows.announce import announce
from polyphony.flows.deliver.settle import account_changed
from polyphony.ports import Health
from polyphony.store import accounts, deliveries, events, messages
from polyphony.store.accounts import HealthNow
from polyphony.store.database import Session
from polyphony.store.deliveries import DeliveryRow


async def release(session: Session, at: datetime, n: int) -> list[UUID]:
    """Let go what was held and whose moment has come; return the Messages."""
    due = await deliveries.to_release(session, at, n)
    return await reply.release(session, due, at) if due else []


async def lapse(session: Session, at: datetime, n: int) -> list[UUID]:
    """Admit that nobody knows what became of deliveries whose sender died; return Messages."""
    rows = await deliveries.lapsed(session, at, n)
    for row in rows:
        _step(row, DeliveryMove.LOSE_TRACK, By.TIMER)
        row.why, row.uncertain_since, row.lease_until = "sender_died", at, None
    return await _keep(session, rows)


async def repeat(session: Session, at: datetime, n: int) -> list[UUID]:
    """Send once more what may be repeated under its old id; the rest waits for a person."""
    rows = await deliveries.doubtful(session, at - RESEND_AFTER, n)
    known = await accounts.by_ids(session, sorted({one.account_id for one in rows}))
    again = [one for one in rows if _may(one, known[one.account_id].kind, at)]
    for row in again:
        _step(row, DeliveryMove.RESEND, By.SYSTEM)
        row.why, row.not_before = "repeated_in_doubt", at
        row.repeated, row.uncertain_since = True, None
    return await _keep(session, again)


def _may(row: DeliveryRow, kind: str, at: datetime) -> bool:
    age = at - (row.uncertain_since or at)
    return not row.repeated and when_uncertain(kind, 1, age) is DeliveryMove.RESEND


async def expire(session: Session, at: datetime, n: int) -> list[UUID]:
    """Drop what waits longer than it may; return Messages."""
    rows = await deliveries.expired(session, at, n)
    for row in rows:
        _step(row, DeliveryMove.EXPIRE, By.TIMER)
        row.settled_at = at
    return await _keep(session, rows)


async def heal(session: Session, account: UUID, health: Health, at: datetime) -> bool:
    """Note what a check of an account found; return whether its state changed.

    What was held because of it is released by the next ``release``.
    """
    now = {"code": health.code, "detail": health.detail, "at": at.isoformat()}
    changed = await accounts.set_health(session, HealthNow(account, health.state, now))
    if changed:
        await events.append(session, [account_changed(account)])
    return changed


def _step(row: DeliveryRow, what: DeliveryMove, by: By) -> None:
    moved = move(DeliveryState(row.state), what, by)
    if not isinstance(moved, Moved):
        raise moved
    row.state = moved.state.value


async def _keep(session: Session, rows: Sequence[DeliveryRow]) -> list[UUID]:
    await deliveries.save(session, list(rows))
    shown = sorted({one.message_id for one in rows})
    await messages.shown_state(session, shown)
    await announce(
        session, actor=TIMER if rows else SYSTEM, types={"message": "delivery.changed"},
        messages=shown,
    )  # fmt: skip
    return shown
