"""Settle: note how hand-overs ended: sent, again later, held, refused, or nobody knows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from polyphony.domain.delivery import (
    DeliveryMove,
    DeliveryState,
    Tried,
    Verdict,
    after_failure,
    after_receipt,
    move,
)
from polyphony.domain.event import SYSTEM, NewEvent, Op
from polyphony.domain.failure import AccountBroken, Permanent, TooFast
from polyphony.domain.move import By, Moved
from polyphony.flows.announce import announce
from polyphony.flows.deliver.perform import Result
from polyphony.flows.notify import undelivered
from polyphony.store import (
    accounts,
    deliveries,
    events,
    identities,
    interactions,
    letters,
    messages,
    receipts,
)
from polyphony.store.accounts import HealthNow
from polyphony.store.database import Session
from polyphony.store.deliveries import DeliveryRow, Try
from polyphony.store.interactions import ThreadId
from polyphony.store.keys import keys

_WHO = {
    DeliveryMove.ACCEPT: By.PROVIDER,
    DeliveryMove.REFUSE: By.PROVIDER,
}


async def settle(
    session: Session, results: Sequence[Result], at: datetime, chance: float
) -> list[UUID]:
    """Write the verdicts of a batch; return the Messages that changed.

    ``chance`` in [0, 1) spreads the next tries. A delivery that is not ours any more (its lease
    ended and somebody decided) is only helped upwards: proof that it was sent always counts.
    """
    rows = await deliveries.locked(session, [one.job.row.id for one in results])
    changed = [one for one in results if _apply(rows[one.job.row.id], one, at, chance)]
    await _names(session, rows, results)
    await _waiting_receipts(session, rows, at)
    await deliveries.save(session, [rows[one] for one in sorted(rows)])
    await _tries(session, results)
    await _accounts(session, results, at)
    await _addresses(session, results)
    shown = sorted({rows[one.job.row.id].message_id for one in changed})
    await messages.shown_state(session, shown)
    await announce(session, actor=SYSTEM, types={"message": "delivery.changed"}, messages=shown)
    await _tell_authors(session, [rows[one.job.row.id] for one in changed], at)
    return shown


async def _tell_authors(session: Session, rows: Sequence[DeliveryRow], at: datetime) -> None:
    failed = [one for one in rows if one.state == DeliveryState.FAILED.value]
    await undelivered(session, [(one.message_id, one.to_address) for one in failed], at)


def _apply(row: DeliveryRow, result: Result, at: datetime, chance: float) -> bool:
    ours = row.state == DeliveryState.SENDING.value and row.tries == result.job.row.tries
    if result.sent is not None:
        return _accepted(row, result, at, ours=ours)
    if not ours or result.failure is None:
        return False
    verdict = after_failure(
        result.failure,
        Tried(
            result.job.account.kind,
            row.tries,
            row.first_tried_at or row.created_at,
            at,
            chance,
            row.expires_at,
        ),
    )
    return _decided(row, result, verdict, at)


def _accepted(row: DeliveryRow, result: Result, at: datetime, *, ours: bool) -> bool:
    what = DeliveryMove.ACCEPT if ours else DeliveryMove.PROVE_SENT
    moved = move(DeliveryState(row.state), what, By.PROVIDER)
    if not isinstance(moved, Moved):
        return False
    row.state, row.why, row.lease_until = moved.state.value, None, None
    row.detail = result.sent.detail if result.sent else None
    row.settled_at, row.uncertain_since = at, None
    row.provider_id = result.named or None
    return True


def _decided(row: DeliveryRow, result: Result, verdict: Verdict, at: datetime) -> bool:
    moved = move(DeliveryState(row.state), verdict.what, _WHO.get(verdict.what, By.SYSTEM))
    if not isinstance(moved, Moved) or result.failure is None:
        return False
    row.state, row.why, row.lease_until = moved.state.value, verdict.why or None, None
    row.detail = result.failure.detail or None
    row.not_before = verdict.not_before or row.not_before
    row.tries -= 0 if verdict.counts else 1
    if moved.state is DeliveryState.UNCERTAIN:
        row.uncertain_since = at
        row.provider_id = result.named or row.provider_id
    if moved.state is DeliveryState.FAILED:
        row.settled_at = at
    return True


async def _names(
    session: Session, rows: dict[UUID, DeliveryRow], results: Sequence[Result]
) -> None:
    """Remember under which id it left, also when nobody knows whether it arrived."""
    left = [one for one in results if one.named and rows[one.job.row.id].provider_id == one.named]
    await letters.name_sent(session, [(one.job.row.message_id, one.named) for one in left])
    await interactions.know(
        session,
        [
            ThreadId(one.job.row.account_id, one.named, one.job.letter.interaction_id)
            for one in left
        ],
    )


async def _waiting_receipts(session: Session, rows: dict[UUID, DeliveryRow], at: datetime) -> None:
    """Apply receipts that came before the verdict did."""
    by_name = {
        (row.account_id, name): row
        for row in rows.values()
        for name in (row.provider_id, str(row.id))
        if name
    }
    for one in await receipts.take_waiting(session, sorted(by_name)):
        row = by_name[(one.account_id, one.provider_id)]
        state = after_receipt(DeliveryState(row.state), one.state)
        if state is not None:
            row.state, row.settled_at = state.value, at
            if state is DeliveryState.FAILED:
                row.why, row.detail = one.reason or "bounced", one.detail


async def _tries(session: Session, results: Sequence[Result]) -> None:
    if not results:
        return
    ids = keys(results[0].ended, len(results))
    await deliveries.tried(
        session,
        [
            Try(
                id_,
                one.job.row.id,
                one.began,
                "sent" if one.failure is None else type(one.failure).__name__.lower(),
                int((one.ended - one.began).total_seconds() * 1000),
                (one.failure.detail or one.failure.code) if one.failure else None,
            )
            for id_, one in zip(ids, results, strict=True)
        ],
    )


async def _accounts(session: Session, results: Sequence[Result], at: datetime) -> None:
    """Open the circuit of an account our provider refuses; slow down where we are too fast."""
    broken = {
        one.job.account.id: one.failure for one in results if isinstance(one.failure, AccountBroken)
    }
    for id_, failure in sorted(broken.items()):  # one by one: accounts, not deliveries
        health = {"code": failure.code, "detail": failure.detail, "at": at.isoformat()}
        if await accounts.set_health(session, HealthNow(id_, "broken", health)):
            await events.append(session, [account_changed(id_)])
    fast = {one.job.account.id for one in results if isinstance(one.failure, TooFast)}
    for id_ in sorted(fast):  # one by one: accounts, not deliveries
        await deliveries.slow_down(session, id_, at)


def account_changed(account: UUID) -> NewEvent:
    """Return the event that lets screens fetch the account again."""
    return NewEvent("account.changed", Op.TOUCH, "account", account, None, ["all"])


async def _addresses(session: Session, results: Sequence[Result]) -> None:
    """Count addresses the provider calls wrong for ever."""
    bad = sorted(
        {
            one.job.row.identity_id
            for one in results
            if isinstance(one.failure, Permanent)
            and one.failure.address_bad
            and one.job.row.identity_id is not None
        }
    )
    if bad:
        await identities.bounced(session, bad, "refused")
