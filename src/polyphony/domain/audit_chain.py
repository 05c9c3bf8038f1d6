"""Audit chain: the digest of a line, the digest of a block, and what does not fit them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

GENESIS = b"\0" * 32
"""What stands before the first block."""
LEAF = 32
ID = 16


class Line(NamedTuple):
    """One line of the audit as it is sealed; ``facts`` as PostgreSQL writes its jsonb."""

    epoch: int
    xid: int
    id: UUID
    at: datetime
    actor_kind: str
    actor_id: UUID | None
    act: str
    entity: str | None
    entity_id: UUID | None
    facts: str
    request_id: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class Block:
    """Sealed lines: their ids and digests in order, and the digest over them and the past."""

    no: int
    ids: bytes
    leaves: bytes
    prev: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not fit: ``kind`` changed, removed, inserted (a line), block or head; and where."""

    kind: str
    block: int
    line: UUID | None = None


def leaf(line: Line) -> bytes:
    """Return the digest of a line: SHA-256 over all its fields as a JSON array."""
    parts = [
        line.epoch, line.xid, str(line.id), line.at.astimezone(UTC).isoformat(),
        line.actor_kind, _text(line.actor_id), line.act, line.entity, _text(line.entity_id),
        line.facts, line.request_id, line.address,
    ]  # fmt: skip
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _text(id_: UUID | None) -> str | None:
    return None if id_ is None else str(id_)


def seal(no: int, prev: bytes, lines: Sequence[Line]) -> Block:
    """Seal lines behind the block whose digest is ``prev``."""
    ids = b"".join(one.id.bytes for one in lines)
    leaves = b"".join(leaf(one) for one in lines)
    return Block(no, ids, leaves, prev, digest(no, prev, ids, leaves))


def digest(no: int, prev: bytes, ids: bytes, leaves: bytes) -> bytes:
    """Return SHA-256 (prev, number, SHA-256 (ids), SHA-256 (leaves))."""
    whole = hashlib.sha256(prev)
    whole.update(no.to_bytes(8, "big"))
    whole.update(hashlib.sha256(ids).digest())
    whole.update(hashlib.sha256(leaves).digest())
    return whole.digest()


def check(block: Block, no: int, prev: bytes, lines: Mapping[UUID, Line]) -> list[Fault]:
    """Return what does not fit a block: in itself, to the one before, to the lines of its range."""
    faults = []
    right = digest(block.no, block.prev, block.ids, block.leaves) == block.hash
    if block.no != no or block.prev != prev or not right:
        faults.append(Fault("block", block.no))
    sealed: set[UUID] = set()
    for n in range(len(block.ids) // ID):
        id_ = UUID(bytes=block.ids[n * ID : (n + 1) * ID])
        sealed.add(id_)
        found = lines.get(id_)
        if found is None:
            faults.append(Fault("removed", block.no, id_))
        elif leaf(found) != block.leaves[n * LEAF : (n + 1) * LEAF]:
            faults.append(Fault("changed", block.no, id_))
    faults += [Fault("inserted", block.no, one) for one in lines if one not in sealed]
    return faults
