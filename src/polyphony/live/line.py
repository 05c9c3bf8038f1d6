"""Line: one open connection; its tags, its place in the log, and what still waits to be sent."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

import orjson

from polyphony.domain.permission import Scope
from polyphony.store.feed import Cursor

BYTES_MAX = 1024 * 1024
FRAMES_MAX = 256
FRAME_BYTES = 256 * 1024
FRAME_EVENTS = 500

RESTART = 1012
BAD_FRAME = 4400
ENDED = 4401
REFUSED = 4403
NO_HELLO = 4408
SLOW = 4008
REPLACED = 4009
FLOOD = 4029


def frame(**fields: object) -> bytes:
    """Encode one frame."""
    return orjson.dumps(fields, option=orjson.OPT_UTC_Z)


@dataclass(eq=False)
class Line:
    """Somebody's open connection.

    ``fixed`` are the tags of his rights, ``opened`` those of the Cases on his screen. Frames wait
    in ``waiting`` until the writer sends them; a closing code ends the line.
    """

    scope: Scope
    cursor: Cursor
    fixed: frozenset[str]
    session_id: UUID
    grants: str = ""
    opened: set[str] = field(default_factory=set)
    topics: set[str] = field(default_factory=set)
    waiting: deque[tuple[bytes, bool]] = field(default_factory=deque)
    size: int = 0
    full_since: float | None = None
    closing: int | None = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    born: int = field(default_factory=count().__next__)
    heard_at: float = 0.0

    @property
    def tags(self) -> frozenset[str]:
        """All audiences of this line now."""
        return self.fixed | self.opened

    def put(self, data: bytes, *, fleeting: bool = False) -> None:
        """Queue one frame; what is fleeting is dropped when much waits already."""
        if self.closing is not None:
            return
        if self.crowded:
            if fleeting:
                return
            self._drop_fleeting()
        self.waiting.append((data, fleeting))
        self.size += len(data)
        self.ready.set()

    @property
    def crowded(self) -> bool:
        """Tell whether the reader is too slow at the moment."""
        return self.size > BYTES_MAX or len(self.waiting) > FRAMES_MAX

    def _drop_fleeting(self) -> None:
        kept = deque(one for one in self.waiting if not one[1])
        self.waiting = kept
        self.size = sum(len(data) for data, _ in kept)

    def take(self) -> bytes | None:
        """Take the next frame to send; None when there is none."""
        if not self.waiting:
            self.ready.clear()
            return None
        data, _ = self.waiting.popleft()
        self.size -= len(data)
        return data

    def overdue(self, now: float, patience_s: float) -> bool:
        """Tell whether the line has been crowded for too long (seconds of one clock)."""
        if not self.crowded:
            self.full_since = None
            return False
        if self.full_since is None:
            self.full_since = now
        return now - self.full_since > patience_s

    def close(self, code: int, reason: str = "", retry_after_ms: int | None = None) -> None:
        """End the line: what waits is dropped, ``bye`` is the last frame."""
        if self.closing is not None:
            return
        self.waiting.clear()
        self.size = 0
        bye = {"t": "bye", "code": code, "reason": reason}
        if retry_after_ms is not None:
            bye["retry_after_ms"] = retry_after_ms
        self.put(orjson.dumps(bye))
        self.closing = code
        self.ready.set()

    # ── the frames that carry the log ───────────────────────────────────────────────────────────

    def events(self, pieces: Sequence[tuple[Cursor, bytes]], end: Cursor) -> None:
        """Send encoded events and move to ``end``; big batches become several frames."""
        rest = list(pieces)
        while rest:
            batch: list[tuple[Cursor, bytes]] = []
            size = 0
            while rest and len(batch) < FRAME_EVENTS and (not batch or size < FRAME_BYTES):
                batch.append(rest.pop(0))
                size += len(batch[-1][1])
            self._events(
                [piece for _, piece in batch], batch[-1][0] if rest else end, more=bool(rest)
            )

    def _events(self, pieces: Sequence[bytes], cursor: Cursor, *, more: bool) -> None:
        head = f'{{"t":"ev","prev":"{self.cursor}","cursor":"{cursor}",'
        tail = b'],"more":true}' if more else b"]}"
        self.cursor = cursor
        self.put(head.encode() + b'"events":[' + b",".join(pieces) + tail)

    def early(self, pieces: Sequence[bytes]) -> None:
        """Send committed news that the cursor may not pass yet."""
        self.put(b'{"t":"early","events":[' + b",".join(pieces) + b"]}")

    def heartbeat(self, cursor: Cursor, now: str, lag_ms: int) -> None:
        """Say that nothing is missing up to the cursor."""
        self.put(frame(t="hb", prev=str(self.cursor), cursor=str(cursor), now=now, lag_ms=lag_ms))
        self.cursor = cursor

    def reset(self, scope: str, reason: str) -> None:
        """Tell the client to fetch afresh; the stream goes on from the line's place."""
        self.put(frame(t="reset", scope=scope, reason=reason, cursor=str(self.cursor)))
