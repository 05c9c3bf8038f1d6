"""Board: the counters on their way to the screens; one encoding for everybody who watches."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from polyphony.live.entry import House
from polyphony.live.line import Line
from polyphony.live.staff import BOARD
from polyphony.store import wake

WATCH_S = 10.0
AGAIN_S = 2.0
"""A line that wants everything again so soon waits for the next second."""
WATCH, WHOLE = "boards", "boards_whole"
FRAME_BYTES = 64 * 1024
TOPIC = f"{BOARD}:"
_HOUSE = f"{BOARD}:house"


@dataclass
class Boards:
    """What this process knows of the counters, and who waits for a first picture.

    The one who counts sends lines of text; their JSON is passed on as it came. ``_cells`` holds
    the newest of each, by topic, for those who join.
    """

    house: House
    _cells: defaultdict[str, dict[str, bytes]] = field(default_factory=lambda: defaultdict(dict))
    _number: int = 0
    _at: bytes = b"0"
    _complete: bool = False
    _filling: bool = False
    _waiting: set[tuple[Line, str]] = field(default_factory=set)
    _shown: WeakKeyDictionary[Line, float] = field(default_factory=WeakKeyDictionary)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def begin(self) -> None:
        """Hear the counters, show them to who joins, say that somebody watches."""
        self.house.feed.counters = self.heard
        self.house.joined = self.joined
        self._tasks.append(asyncio.create_task(self._say()))

    async def end(self) -> None:
        """Stop."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def watched(self) -> bool:
        """Tell whether any line here holds a board."""
        return any(
            topic.startswith(TOPIC) for line in self.house.fan.lines for topic in line.topics
        )

    async def _say(self) -> None:
        while True:
            await asyncio.sleep(WATCH_S)
            if self.watched():
                self._ask()
            else:
                self._complete = False  # what nobody listens to grows old

    def _ask(self) -> None:
        wake.hint(WATCH if self._complete else WHOLE)

    # ── in ──────────────────────────────────────────────────────────────────────────────────────

    def heard(self, payload: str) -> None:
        """Take in one notice: ``number moment kind``, then a line for each place."""
        head, _, body = payload.partition("\n")
        with contextlib.suppress(ValueError, KeyError):
            number, at, mark = head.split(" ")
            self._take(int(number), at.encode(), mark, body)

    def _take(self, number: int, at: bytes, mark: str, body: str) -> None:
        if mark[0] == "W":
            self._cells.clear()
            self._filling = True
        elif number != self._number + 1:
            if self._complete or self._filling:
                wake.hint(WHOLE)  # something was lost: all of it again
            self._complete = self._filling = False
        self._number, self._at = number, at
        news = self._read(body)
        if mark[0] == "d" and self._complete:
            self._spread(news)
            self._first()
        if mark in {"W.", "w."}:
            self._complete, self._filling = self._filling, False
            self._first()

    def _read(self, body: str) -> dict[str, list[bytes]]:
        """Keep the newest of each place; return them by topic."""
        news: dict[str, list[bytes]] = {}
        for line in body.split("\n") if body else ():
            department, kind, key, told = line.split(" ", 3)
            piece = told.encode()
            for topic in _topics(kind, department):
                self._cells[topic][f"{department} {key}"] = piece
                news.setdefault(topic, []).append(_of(department, piece))
        return news

    # ── out ─────────────────────────────────────────────────────────────────────────────────────

    def _spread(self, news: dict[str, list[bytes]]) -> None:
        """Send one frame a topic, the same bytes to all; without news it tells the time."""
        for topic in self._cells:
            holders = self.house.fan.holders(topic)
            if not holders:
                continue
            frame = self._frame(topic, b"diff", news.get(topic, []))
            for line in holders:
                line.put(frame, fleeting=True)

    def _frame(self, topic: str, kind: bytes, cells: Collection[bytes], more: bytes = b"") -> bytes:
        number = str(self._number).encode()
        return (
            b'{"t":"eph","topic":"' + topic.encode() + b'","kind":"' + kind + b'","data":{"n":'
            + number + b',"at":' + self._at + more + b',"cells":[' + b",".join(cells)
            + b']},"from":"server"}'
        )  # fmt: skip

    def joined(self, line: Line, topics: Collection[str]) -> None:
        """Show a line what it joined, at once or as soon as everything is here."""
        wanted = {(line, topic) for topic in topics if topic.startswith(TOPIC)}
        if not wanted:
            return
        self._waiting |= wanted
        now = asyncio.get_running_loop().time()
        if now - self._shown.get(line, -AGAIN_S) >= AGAIN_S:
            self._shown[line] = now
            self._first()  # who asks again and again gets it with the next news
        self._ask()

    def _first(self) -> None:
        """Send the whole picture to all who wait, in parts; the last one says so."""
        if not self._complete:
            return
        waiting, self._waiting = self._waiting, set()
        parts: dict[str, list[bytes]] = {}
        for line, topic in waiting:
            if topic in line.topics and line.closing is None:
                if topic not in parts:
                    parts[topic] = self._whole(topic)
                for frame in parts[topic]:
                    line.put(frame)

    def _whole(self, topic: str) -> list[bytes]:
        cells = [_of(key.split(" ", 1)[0], piece) for key, piece in self._cells[topic].items()]
        chunks: list[list[bytes]] = [[]]
        size = 0
        for cell in cells:
            if size > FRAME_BYTES:
                chunks.append([])
                size = 0
            chunks[-1].append(cell)
            size += len(cell)
        last = len(chunks) - 1
        return [
            self._frame(topic, b"whole", chunk, b',"part":%d,"last":%s' % (
                number, b"true" if number == last else b"false"))
            for number, chunk in enumerate(chunks)
        ]  # fmt: skip


def _topics(kind: str, department: str) -> tuple[str, ...]:
    """Return who hears of a place: the house hears of open departments, of sealed work nobody."""
    if kind == "s":
        return (f"{TOPIC}{department}:sealed",)
    return (f"{TOPIC}{department}", _HOUSE) if kind == "o" else (f"{TOPIC}{department}",)


def _of(department: str, piece: bytes) -> bytes:
    """Say of which Department a place is."""
    return b'{"d":"' + department.encode() + b'",' + piece[1:]
