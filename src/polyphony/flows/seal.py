"""Seal: lines of the audit become blocks of a chain, behind those who write; and are verified."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from polyphony.domain import audit_chain as chain
from polyphony.domain.audit_chain import GENESIS, Fault
from polyphony.store import audit_chain
from polyphony.store.database import Session

BLOCK = 1_000
AT_ONCE = 50


async def turn(session: Session) -> bool:
    """Seal the next block; tell whether there may be more. False while another process seals."""
    if not await audit_chain.mine(session):
        return False
    last = await audit_chain.head(session)
    lines = await audit_chain.settled(session, last, BLOCK)
    if not lines:
        return False
    block = chain.seal(last.no + 1, last.hash, lines)
    await audit_chain.add(session, block, lines[-1])
    return len(lines) == BLOCK


@dataclass(frozen=True, slots=True)
class State:
    """How the chain stands: its head, and what is not sealed yet (seconds of the oldest line)."""

    blocks: int
    head: str
    sealed_at: datetime | None
    unsealed: int
    unsealed_s: float


async def state(session: Session, at: datetime) -> State:
    """Return how the chain stands, without verifying it."""
    last = await audit_chain.head(session)
    rest = await audit_chain.unsealed(session, last)
    late = max(0.0, (at - rest.since).total_seconds()) if rest.since else 0.0
    return State(last.no, last.hash.hex(), last.at, rest.n, round(late, 1))


@dataclass(slots=True)
class Verified:
    """What verifying came to."""

    blocks: int = 0
    lines: int = 0
    head: str = GENESIS.hex()


async def verify(
    session: Session, done: Verified, known: tuple[int, str] | None = None
) -> AsyncIterator[Fault]:
    """Yield every fault of the chain in order; ``done`` is filled in meanwhile.

    ``known`` is a head that left the house (number, digest in hex): the chain must still hold it.
    """
    before: audit_chain.Kept | None = None
    prev, seen_known = GENESIS, known is None or known[0] == 0
    while page := await audit_chain.blocks(session, done.blocks, AT_ONCE):
        for one in page:  # one by one: a block at a time fits into memory
            lines = await audit_chain.between(session, before, one)
            for fault in chain.check(one.block, done.blocks + 1, prev, lines):
                yield fault
            if known is not None and one.block.no == known[0]:
                seen_known = one.block.hash.hex() == known[1]
            done.blocks, prev, before = one.block.no, one.block.hash, one
            done.lines += len(one.block.ids) // chain.ID
    done.head = prev.hex()
    if known is not None and not seen_known:
        yield Fault("head", known[0])
