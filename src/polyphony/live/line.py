"""Line: one open connection; its tags, its place in the log, and what still waits to be sent."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import TypeAlias
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


Pieces: TypeAlias = Sequence[tuple[Cursor, bytes]]
"""Encoded events, each with its place in the log."""


class Sheaf:
    """Events for all who hear the same of a batch: put into frames once, not once a line."""

    def __init__(self, pieces: Pieces, end: Cursor, *, more: bool = False) -> None:
        """``end`` is where the cursor stands after it; ``more``: the batch goes on behind it."""
        self._pieces, self._end, self._more = pieces, end, more
        self._frames: dict[Cursor, list[bytes]] = {}

    @property
    def end(self) -> Cursor:
        """Where the cursor of a line stands when it has all frames."""
        return self._end

    def frames(self, prev: Cursor) -> list[bytes]:
        """Return the frames for whoever stands at ``prev``."""
        found = self._frames.get(prev)
        if found is None:
            found = self._frames[prev] = []
            for cursor, tail in self._tails:
                found.append(f'{{"t":"ev","prev":"{prev}",'.encode() + tail)
                prev = cursor
        return found

    @cached_property
    def early(self) -> bytes:
        """The frame that carries them ahead of the cursor."""
        return b'{"t":"early","events":[' + b",".join([one for _, one in self._pieces]) + b"]}"

    @cached_property
    def _tails(self) -> list[tuple[Cursor, bytes]]:
        """Everything of each frame behind ``prev``; big batches become several frames."""
        parts: list[list[bytes]] = []
        ends: list[Cursor] = []
        size = FRAME_BYTES
        for cursor, piece in self._pieces:
            if size >= FRAME_BYTES or len(parts[-1]) >= FRAME_EVENTS:
                parts.append([])
                ends.append(cursor)
                size = 0
            parts[-1].append(piece)
            ends[-1] = cursor
            size += len(piece)
        ends[-1] = self._end
        return [
            (end, _tail(part, end, more=self._more or number < len(parts)))
            for number, (part, end) in enumerate(zip(parts, ends, strict=True), 1)
        ]


def _tail(pieces: Sequence[bytes], cursor: Cursor, *, more: bool) -> bytes:
    end = b'],"more":true}' if more else b"]}"
    return f'"cursor":"{cursor}","events":['.encode() + b",".join(pieces) + end


@dataclass(eq=False)
class Line:
    """Somebody's open connection.

    ``fixed`` are the tags of his rights, ``opened`` those of the Cases on his screen. Frames go
    straight to the ``wire`` while it takes them, else they wait in ``waiting`` until the writer
    sends them; a closing code ends the line. A line without a socket has a ``name``, by which its
    client speaks to it.
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
    name: str = ""
    wire: Callable[[bytes], bool] | None = None
    writing: bool = False

    @property
    def tags(self) -> frozenset[str]:
        """All audiences of this line now."""
        return self.fixed | self.opened

    def put(self, data: bytes, *, fleeting: bool = False) -> None:
        """Send or queue one frame; what is fleeting is dropped when much waits already."""
        if self.closing is not None:
            return
        if self.wire and not self.waiting and not self.writing and self.wire(data):
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
        """Take the next frame to send, in order before anything put later; None when none waits."""
        self.writing = bool(self.waiting)
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

    def events(self, pieces: Pieces, end: Cursor) -> None:
        """Send encoded events and move to ``end``."""
        self.sheaf(Sheaf(pieces, end))

    def sheaf(self, sheaf: Sheaf) -> None:
        """Send what many lines hear alike and move to its end."""
        for one in sheaf.frames(self.cursor):
            self.put(one)
        self.cursor = sheaf.end

    def heartbeat(self, cursor: Cursor, now: str, lag_ms: int) -> None:
        """Say that nothing is missing up to the cursor."""
        self.put(frame(t="hb", prev=str(self.cursor), cursor=str(cursor), now=now, lag_ms=lag_ms))
        self.cursor = cursor

    def reset(self, scope: str, reason: str) -> None:
        """Tell the client to fetch afresh; the stream goes on from the line's place."""
        self.put(frame(t="reset", scope=scope, reason=reason, cursor=str(self.cursor)))
