"""Read: what arrived becomes messages of the right matter, in one transaction for the batch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.domain.event import SYSTEM, NewEvent, Op
from polyphony.domain.failure import Unreadable
from polyphony.domain.message import Inbound, Receipt
from polyphony.flows import reply
from polyphony.flows.announce import announce
from polyphony.flows.notify import followed
from polyphony.flows.receive import acknowledge, place, queue, receipts, write
from polyphony.flows.receive.receipts import Told
from polyphony.flows.receive.take import Read
from polyphony.flows.receive.world import Item, World, accounts_of, load
from polyphony.ports import Outside, Raw
from polyphony.store import accounts, arrivals, cases, events, messages
from polyphony.store.accounts import AccountRow
from polyphony.store.arrivals import Failed, Fate
from polyphony.store.database import Session, together

WAIT = (timedelta(seconds=5), timedelta(seconds=30), timedelta(seconds=120))
_FINAL = frozenset({"too_big", "limits"})


@dataclass(slots=True)
class Outcome:
    """What became of a batch: arrivals read, arrivals that failed (with their fate), the rest.

    ``lost`` were not ours any more: another worker has them.
    """

    read: set[UUID] = field(default_factory=set)
    failed: list[Fate] = field(default_factory=list)
    lost: set[UUID] = field(default_factory=set)


async def read(session: Session, batch: Sequence[Read], at: datetime, outside: Outside) -> Outcome:
    """Read a batch whose files are stored already; failures stay beside their item.

    Everything of one batch commits together; whatever cannot be understood is counted as a try
    and kept.
    """
    good = [(raw, parsed) for raw, parsed in batch if not isinstance(parsed, Unreadable)]
    bad = [(raw, parsed) for raw, parsed in batch if isinstance(parsed, Unreadable)]
    out = Outcome()
    out.failed = await fail(session, [(raw, _text(why)) for raw, why in bad], at)
    ours = await arrivals.mark_read(session, [raw.arrival for raw, _ in good], at)
    out.lost = {raw.arrival for raw, _ in good} - ours
    out.read = ours
    mine = [(raw, parsed) for raw, parsed in good if raw.arrival in ours]
    if mine:
        await _understand(session, mine, at, outside)
    return out


def _text(why: Unreadable) -> str:
    return f"{why.code}: {why.detail}" if why.detail else why.code


async def _understand(
    session: Session,
    batch: Sequence[tuple[Raw, tuple[Inbound | Receipt, ...]]],
    at: datetime,
    outside: Outside,
) -> None:
    known = await accounts_of(session, [raw for raw, _ in batch])
    items, doubled = await _items(session, batch, known, at)
    told = [Told(raw, e) for raw, parsed in batch for e in parsed if isinstance(e, Receipt)]
    shown = await receipts.apply(session, told, at)
    world = World(at, outside.keys)
    if items:
        await _place(session, items, world)
    # After the rows: the first copy may have come in this very batch.
    again = await messages.also_received(session, doubled)
    await announce(session, actor=SYSTEM, messages=[*shown, *again])


async def _items(
    session: Session,
    batch: Sequence[tuple[Raw, tuple[Inbound | Receipt, ...]]],
    known: dict[UUID, AccountRow],
    at: datetime,
) -> tuple[list[Item], list[tuple[UUID, UUID]]]:
    """List what was said for the first time; mails that came to another account are named apart."""
    fresh = await _unseen(session, batch, at)
    doubles = await _elsewhere(session, batch, known)
    items: list[Item] = []
    also: list[tuple[UUID, UUID]] = []
    for raw, parsed in batch:
        said = [one for one in parsed if isinstance(one, Inbound)]
        if raw.arrival in doubles:
            also.append((doubles[raw.arrival], raw.account.id))
            continue
        for number, one in enumerate(said):
            if one.key == raw.key or (raw.account.id, one.key) in fresh:
                items.append(Item(raw, known[raw.account.id], one, number == 0))
    return items, also


async def _unseen(
    session: Session,
    batch: Sequence[tuple[Raw, tuple[Inbound | Receipt, ...]]],
    at: datetime,
) -> set[tuple[UUID, str]]:
    """Note keys of events that are not the arrival's own key; that one is unique already."""
    wanted = {
        (raw.account.id, one.key)
        for raw, parsed in batch
        for one in parsed
        if isinstance(one, Inbound) and one.key != raw.key
    }
    return await arrivals.new_keys(session, sorted(wanted), at)


async def _elsewhere(
    session: Session,
    batch: Sequence[tuple[Raw, tuple[Inbound | Receipt, ...]]],
    known: dict[UUID, AccountRow],
) -> dict[UUID, UUID]:
    """Find mails another of our mailboxes has received too, in the store or in this batch."""
    mails = [(r, p) for r, p in batch if known[r.account.id].kind == "email" and _said(p)]
    boxes = await accounts.of_kind(session, "email") if mails else []
    if len(boxes) < 2:
        return {}
    ids = [raw.arrival for raw, _ in mails]
    stored = await arrivals.same_elsewhere(
        session, [one.id for one in boxes], [raw.key for raw, _ in mails], ids
    )
    first: dict[str, UUID] = {}
    doubles: dict[UUID, UUID] = {}
    for raw, _ in mails:
        message = stored.get(raw.key) or first.get(raw.key)
        if message is not None:
            doubles[raw.arrival] = message
        else:
            first[raw.key] = raw.arrival
    return doubles


def _said(parsed: Iterable[Inbound | Receipt]) -> bool:
    return any(isinstance(one, Inbound) for one in parsed)


async def _place(session: Session, items: list[Item], world: World) -> None:
    await load(session, items, world)
    # Twice the positions: each mail may be acknowledged. Gaps in the sequence mean nothing.
    acks = sum(bool(one.account.settings.get(acknowledge.SETTING)) for one in items)
    world.stock(
        *await together(
            messages.positions(session, len(items) + acks), cases.numbers(session, len(items))
        )
    )
    for item in items:
        line = place.put(world, item)
        if line is not None:
            world.lines[(item.raw.arrival, item.inbound.key)] = line
    works = await queue.ask(session, world)
    promised = await acknowledge.write(session, world, items)
    await write.rows(session, world)
    await acknowledge.promise(session, promised)
    touched = await queue.settle(session, world, works)
    await write.told(session, world, works, touched)
    await _followed(session, world)
    wrote = {
        world.interactions[one.interaction_id].case_id
        for one in world.messages
        if one.kind == "in" and one.automated == "no"
    }
    await reply.call_off(session, sorted(wrote), world.at)


async def _followed(session: Session, world: World) -> None:
    """Tell who follows a Case that its customer wrote; nobody follows a new one."""
    known = world.changed_cases - world.new_cases
    said = [
        (case, one.id, one.author_name, one.text)
        for one in world.messages
        if one.kind == "in" and (case := world.interactions[one.interaction_id].case_id) in known
    ]
    if said:
        await followed(session, said, world.at)


async def fail(session: Session, batch: Sequence[tuple[Raw, str]], at: datetime) -> list[Fate]:
    """Count a try of arrivals that could not be read; the third puts them into quarantine.

    Raw bytes stay as they are; a breach of the limits is final at once, until somebody asks to
    read it again.
    """
    if not batch:
        return []
    wait = WAIT[0]
    fates = await arrivals.fail(
        session,
        [
            Failed(raw.arrival, why, at + wait, why.partition(":")[0] in _FINAL)
            for raw, why in batch
        ],
    )
    gone = [one for one in fates if one.quarantined]
    await events.append(session, [_quarantined(one) for one in gone])
    return fates


def _quarantined(fate: Fate) -> NewEvent:
    facts = {"account_id": str(fate.account_id), "tries": fate.tries, "error": fate.error[:200]}
    return NewEvent(
        *("arrival.quarantined", Op.FACT, "arrival", fate.id, None, ["admin"]), payload=facts
    )


async def read_again(session: Session, ids: Sequence[UUID], actor_id: UUID | None) -> set[UUID]:
    """Let quarantined arrivals be read again (after a fix); return those that were there."""
    found = await arrivals.read_again(session, ids)
    await events.append(
        session,
        [
            NewEvent(
                *("arrival.read_again", Op.FACT, "arrival", one, None, ["admin"]),
                actor_kind="person",
                actor_id=actor_id,
            )
            for one in sorted(found)
        ],
    )
    return found
