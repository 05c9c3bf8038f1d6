"""Receipts: what providers say about what we sent moves deliveries, upwards only."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.domain.delivery import DeliveryState, after_receipt
from polyphony.domain.message import Receipt
from polyphony.flows.notify import undelivered
from polyphony.ports import Raw
from polyphony.store import deliveries, identities, messages, receipts
from polyphony.store.database import Session
from polyphony.store.deliveries import DeliveryRow
from polyphony.store.receipts import Waiting


@dataclass(frozen=True, slots=True)
class Told:
    """A receipt and the arrival it came in."""

    raw: Raw
    receipt: Receipt


async def apply(session: Session, batch: Sequence[Told], at: datetime) -> list[UUID]:
    """Move the deliveries these receipts speak of; keep the others; return changed Messages."""
    if not batch:
        return []
    ids = sorted({one.receipt.delivery for one in batch if one.receipt.delivery})
    named = sorted({_provider(one) for one in batch if one.receipt.provider_id})
    found = await deliveries.by_receipts(session, ids, named)
    pairs = _matched(batch, found)
    moved = [(row, told) for row, told in pairs if _move(row, told.receipt, at)]
    changed = {row.id: row for row, _ in moved}
    await deliveries.save(session, [changed[one] for one in sorted(changed)])
    matched = {id(told) for _, told in pairs}
    await receipts.keep_waiting(session, [_wait(o, at) for o in batch if id(o) not in matched])
    await _bounces(session, moved)
    shown = sorted({one.message_id for one in changed.values()})
    await messages.shown_state(session, shown)
    bounced = [one for one in changed.values() if one.state == DeliveryState.FAILED.value]
    await undelivered(session, [(one.message_id, one.to_address) for one in bounced], at)
    return shown


def _provider(told: Told) -> tuple[UUID, str]:
    return told.raw.account.id, told.receipt.provider_id


def _matched(batch: Sequence[Told], found: Sequence[DeliveryRow]) -> list[tuple[DeliveryRow, Told]]:
    """Pair receipts with deliveries; a receipt of one account never speaks for another's."""
    by_id = {one.id: one for one in found}
    by_provider: dict[tuple[UUID, str], DeliveryRow] = {
        (one.account_id, one.provider_id): one for one in found if one.provider_id
    }
    pairs = []
    for told in batch:
        row = by_id.get(told.receipt.delivery) if told.receipt.delivery else None
        row = row or by_provider.get(_provider(told))
        if row is not None and row.account_id == told.raw.account.id:
            pairs.append((row, told))
    return pairs


def _move(row: DeliveryRow, receipt: Receipt, at: datetime) -> bool:
    state = after_receipt(DeliveryState(row.state), receipt.state)
    if state is None:
        return False
    row.state, row.lease_until, row.settled_at = state.value, None, at
    if state is DeliveryState.FAILED:
        row.why = "bounced" if not receipt.reason else receipt.reason[:60]
        row.detail = " ".join(part for part in (receipt.status, receipt.text) if part)[:500]
    return True


def _wait(told: Told, at: datetime) -> Waiting:
    receipt = told.receipt
    provider = str(receipt.delivery) if receipt.delivery else receipt.provider_id
    return Waiting(
        account_id=told.raw.account.id,
        provider_id=provider[:998],
        key=f"{told.raw.arrival}:{receipt.key}"[:998],
        state=receipt.state,
        reason=receipt.reason[:60],
        detail=receipt.text[:500],
        hard=receipt.hard,
        at=at,
    )


async def _bounces(session: Session, pairs: Sequence[tuple[DeliveryRow, Told]]) -> None:
    """Count hard bounces of addresses; several reports of one delivery count once."""
    hard: dict[str, set[UUID]] = defaultdict(set)
    for row, told in pairs:
        if told.receipt.hard and row.identity_id and row.state == DeliveryState.FAILED.value:
            hard[told.receipt.status or told.receipt.reason].add(row.identity_id)
    for why, ids in sorted(hard.items()):  # one by one: a handful of reasons
        await identities.bounced(session, sorted(ids), why)
