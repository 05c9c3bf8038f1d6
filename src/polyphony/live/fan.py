"""Fan: who hears of an event; audiences are checked when it is sent, encoding is shared."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import orjson

from polyphony.domain.event import Op
from polyphony.live.line import Line
from polyphony.store.feed import Cursor, Row, has_links, with_links

_OPS = {Op.UPSERT: "upsert", Op.GONE: "gone", Op.TOUCH: "touch", Op.FACT: "fact"}
_NOBODY: frozenset[Line] = frozenset()


@dataclass(frozen=True, slots=True)
class News:
    """An event ready for the wire, encoded once."""

    cursor: Cursor
    aud: frozenset[str]
    was: frozenset[str] | None
    whole: bytes
    gone: bytes
    row: Row

    def for_tags(self, tags: frozenset[str]) -> bytes | None:
        """Return what a holder of these tags gets to see of it: all, that it is gone, nothing."""
        if not self.aud.isdisjoint(tags):
            return self.whole
        if self.was is not None and not self.was.isdisjoint(tags):
            return self.gone
        return None


def _audience(tags: Sequence[str]) -> frozenset[str]:
    """Whoever merely opened a Case (``case:``) loses it when it is sealed (``member:``)."""
    if any(tag.startswith("member:") for tag in tags):
        return frozenset(tag for tag in tags if not tag.startswith("case:"))
    return frozenset(tags)


def encode(row: Row, epoch: int) -> News:
    """Encode one row of the log."""
    head: dict[str, object] = {"type": row.type, "op": _OPS[Op(row.op)], "at": row.at}
    if row.entity is not None:
        head |= {"entity": row.entity, "id": row.entity_id, "v": row.version}
    if row.case_id is not None:
        head["case"] = row.case_id
    gone = orjson.dumps(head | {"op": "gone", "why": "access"}, option=orjson.OPT_UTC_Z)
    if row.cid is not None:
        head["cid"] = row.cid
    whole = orjson.dumps(head, option=orjson.OPT_UTC_Z)
    if row.payload is not None and row.op in (Op.UPSERT, Op.FACT):
        whole = whole[:-1] + b',"data":' + _payload(row, row.payload) + b"}"
    return News(
        Cursor(epoch, row.xid, row.id),
        _audience(row.aud),
        None if row.aud_was is None else _audience(row.aud_was),
        whole,
        gone,
        row,
    )


def _payload(row: Row, payload: str) -> bytes:
    if row.entity == "message" and has_links(payload):
        return orjson.dumps(with_links(orjson.loads(payload)))
    return payload.encode()


@dataclass
class Fan:
    """All open lines of this process by audience."""

    lines: set[Line] = field(default_factory=set)
    _by_tag: defaultdict[str, set[Line]] = field(default_factory=lambda: defaultdict(set))

    def add(self, line: Line) -> None:
        """Let a line hear everything from now on."""
        self.lines.add(line)
        for tag in line.tags:
            self._by_tag[tag].add(line)

    def remove(self, line: Line) -> None:
        """Forget a line."""
        self.lines.discard(line)
        self._leave(line, line.tags)

    def _leave(self, line: Line, tags: Iterable[str]) -> None:
        for tag in tags:
            held = self._by_tag.get(tag)
            if held is not None:
                held.discard(line)
                if not held:
                    del self._by_tag[tag]

    def retag(
        self, line: Line, *, fixed: frozenset[str] | None = None, opened: set[str] | None = None
    ) -> None:
        """Change what a line may hear, from the next event on."""
        here = line in self.lines
        if here:
            self._leave(line, line.tags)
        line.fixed = line.fixed if fixed is None else fixed
        line.opened = line.opened if opened is None else opened
        if here:
            for tag in line.tags:
                self._by_tag[tag].add(line)

    def shut(self, line: Line, topic: str) -> None:
        """Take an opened Case from a line, with what is fleeting about it."""
        line.topics.discard(topic)
        if topic in line.opened:
            self.retag(line, opened=line.opened - {topic})

    def of(self, person: UUID) -> list[Line]:
        """Return the lines of one person."""
        return [
            line for line in self._by_tag.get(f"person:{person}", ()) if line.scope.id == person
        ]

    def hearers(self, tags: Iterable[str]) -> set[Line]:
        """Return the lines that hold one of the tags."""
        found: set[Line] = set()
        for tag in tags:
            found |= self._by_tag.get(tag, _NOBODY)
        return found

    def send(self, batch: Sequence[News], end: Cursor) -> None:
        """Send a batch to everybody concerned; their cursors move to ``end``."""
        for line, pieces in self._sorted(batch).items():
            line.events(pieces, end)

    def send_early(self, batch: Sequence[News]) -> None:
        """Send a batch ahead of the cursor."""
        for line, pieces in self._sorted(batch).items():
            line.early([piece for _, piece in pieces])

    def _sorted(self, batch: Sequence[News]) -> dict[Line, list[tuple[Cursor, bytes]]]:
        concerned: defaultdict[Line, list[tuple[Cursor, bytes]]] = defaultdict(list)
        held: dict[Line, frozenset[str]] = {}
        for news in batch:
            tags = news.aud if news.was is None else news.aud | news.was
            for line in self.hearers(tags):
                if line not in held:
                    held[line] = line.tags
                piece = news.for_tags(held[line])
                if piece is None or line.cursor >= news.cursor:
                    continue
                concerned[line].append((news.cursor, piece))
                if piece is news.gone and news.row.entity == "case":
                    self.shut(line, f"case:{news.row.entity_id}")
                    held.pop(line, None)
        return concerned
