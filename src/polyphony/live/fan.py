"""Fan: who hears of an event; audiences are checked when it is sent, encoding is shared."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

import orjson

from polyphony.domain.event import Op
from polyphony.live.line import Line, Pieces, Sheaf
from polyphony.store.feed import Cursor, Row, has_links, with_links

TOPICS_MAX = 100
"""Topics one line may hold: the open Case and the rows that are seen."""

_OPS = {Op.UPSERT: "upsert", Op.GONE: "gone", Op.TOUCH: "touch", Op.FACT: "fact"}
_CARRIED = frozenset({int(Op.UPSERT), int(Op.FACT)})
_NOBODY: frozenset[Line] = frozenset()

Hearing: TypeAlias = tuple[tuple[int, bool], ...]
"""Which audiences of a batch somebody belongs to, and whether wholly or as one who loses it."""


class News:
    """An event on its way to the wire: encoded when the first one hears it, then kept."""

    __slots__ = ("_gone", "_whole", "aud", "cursor", "row", "was")

    def __init__(self, row: Row, epoch: int) -> None:
        self.row = row
        self.cursor = Cursor(epoch, row.xid, row.id)
        self.aud = _audience(row.aud)
        self.was = None if row.aud_was is None else _audience(row.aud_was)
        self._whole: bytes | None = None
        self._gone: bytes | None = None

    @property
    def whole(self) -> bytes:
        """The event as its audience gets it."""
        if self._whole is None:
            self._whole = _whole(self.row)
        return self._whole

    @property
    def gone(self) -> bytes:
        """The event as those get it who may not see the row any more."""
        if self._gone is None:
            self._gone = _dumps(_head(self.row) | {"op": "gone", "why": "access"})
        return self._gone

    def for_tags(self, tags: frozenset[str]) -> bytes | None:
        """Return what a holder of these tags gets to see of it: all, that it is gone, nothing."""
        if not self.aud.isdisjoint(tags):
            return self.whole
        if self.was is not None and not self.was.isdisjoint(tags):
            return self.gone
        return None


def _audience(tags: Sequence[str]) -> frozenset[str]:
    """Whoever merely opened a Case (``case:``) loses it when it is sealed (``member:``)."""
    for tag in tags:
        if tag.startswith("member:"):
            return frozenset(one for one in tags if not one.startswith("case:"))
    return frozenset(tags)


def _dumps(fields: dict[str, object]) -> bytes:
    return orjson.dumps(fields, option=orjson.OPT_UTC_Z)


def _head(row: Row) -> dict[str, object]:
    head: dict[str, object] = {"type": row.type, "op": _OPS[Op(row.op)], "at": row.at}
    if row.entity is not None:
        head["entity"], head["id"], head["v"] = row.entity, row.entity_id, row.version
    if row.case_id is not None:
        head["case"] = row.case_id
    return head


def _whole(row: Row) -> bytes:
    head = _head(row)
    if row.cid is not None:
        head["cid"] = row.cid
    whole = _dumps(head)
    if row.payload is not None and row.op in _CARRIED:
        whole = whole[:-1] + b',"data":' + _payload(row, row.payload) + b"}"
    return whole


def _payload(row: Row, payload: str) -> bytes:
    if row.entity == "message" and has_links(payload):
        return orjson.dumps(with_links(orjson.loads(payload)))
    return payload.encode()


@dataclass
class Fan:
    """All open lines of this process by audience and topic; ``tally`` and ``ages`` for a monitor.

    ``ages`` are seconds from the commit of an event to its picture on a screen.
    """

    lines: set[Line] = field(default_factory=set)
    tally: Counter[str] = field(default_factory=Counter)
    ages: deque[float] = field(default_factory=lambda: deque(maxlen=2_000))
    _by_topic: defaultdict[str, set[Line]] = field(default_factory=lambda: defaultdict(set))
    _by_tag: defaultdict[str, set[Line]] = field(default_factory=lambda: defaultdict(set))

    def add(self, line: Line) -> None:
        """Let a line hear everything from now on."""
        self.lines.add(line)
        for tag in line.tags:
            self._by_tag[tag].add(line)
        for topic in line.topics:
            self._by_topic[topic].add(line)

    def remove(self, line: Line) -> None:
        """Forget a line."""
        self.lines.discard(line)
        _leave(self._by_tag, line, line.tags)
        _leave(self._by_topic, line, line.topics)

    def retopic(self, line: Line, topics: set[str]) -> None:
        """Change which fleeting news a line hears."""
        if line in self.lines:
            _leave(self._by_topic, line, line.topics - topics)
            for topic in topics - line.topics:
                self._by_topic[topic].add(line)
        line.topics = topics

    def holders(self, topic: str) -> frozenset[Line]:
        """Return the lines that hear what is fleeting about a topic."""
        return frozenset(self._by_topic.get(topic, ()))

    def retag(
        self, line: Line, *, fixed: frozenset[str] | None = None, opened: set[str] | None = None
    ) -> None:
        """Change what a line may hear, from the next event on."""
        here = line in self.lines
        if here:
            _leave(self._by_tag, line, line.tags)
        line.fixed = line.fixed if fixed is None else fixed
        line.opened = line.opened if opened is None else opened
        if here:
            for tag in line.tags:
                self._by_tag[tag].add(line)

    def shut(self, line: Line, topic: str) -> None:
        """Take an opened Case from a line, with what is fleeting about it."""
        self.retopic(line, line.topics - {topic})
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

    # ── sending ─────────────────────────────────────────────────────────────────────────────────

    def send(self, batch: Sequence[News], end: Cursor) -> None:
        """Send a batch to everybody concerned; their cursors move to ``end``."""
        for part, last in self._parts(batch):
            for sheaf, lines in self._sheaves(
                part, end if last else part[-1].cursor, more=not last
            ):
                for line in lines:
                    line.sheaf(sheaf)
            self._shut_moved(part)

    def send_early(self, batch: Sequence[News]) -> None:
        """Send a batch ahead of the cursor."""
        for part, _ in self._parts(batch):
            for sheaf, lines in self._sheaves(part, part[-1].cursor, more=False):
                for line in lines:
                    line.put(sheaf.early)
            self._shut_moved(part)

    def _parts(self, batch: Sequence[News]) -> Iterator[tuple[Sequence[News], bool]]:
        """Cut behind a Case that moves while somebody has it open: he may lose what follows."""
        start = 0
        for number, news in enumerate(batch[:-1], 1):
            if self._opened(news):
                yield batch[start:number], False
                start = number
        if batch:
            yield batch[start:], True

    def _opened(self, news: News) -> bool:
        """Tell whether a Case changes its audience while it is open on somebody's screen."""
        return (
            news.was is not None
            and news.row.entity == "case"
            and f"case:{news.row.entity_id}" in self._by_tag
        )

    def _shut_moved(self, part: Sequence[News]) -> None:
        news = part[-1]
        if news.was is None or not self._opened(news):
            return
        topic = f"case:{news.row.entity_id}"
        still = self.hearers(news.aud)
        for line in self.hearers(news.was) - still:
            self.shut(line, topic)

    def _sheaves(
        self, part: Sequence[News], end: Cursor, *, more: bool
    ) -> Iterator[tuple[Sheaf, list[Line]]]:
        """Put together, once for all who hear the same, what they hear of it."""
        kinds, of = self._kinds(part)
        hearing: defaultdict[Line, list[tuple[int, bool]]] = defaultdict(list)
        for number, (aud, was) in enumerate(kinds):
            whole = self.hearers(aud)
            for line in whole:
                hearing[line].append((number, True))
            for line in self.hearers(was) - whole:
                hearing[line].append((number, False))
        alike: defaultdict[tuple[Hearing, Cursor | None], list[Line]] = defaultdict(list)
        begin = part[0].cursor
        for line, kind in hearing.items():
            seen = None if line.cursor < begin else line.cursor  # it joined in the midst of this
            alike[tuple(kind), seen].append(line)
        for (heard, seen), lines in alike.items():
            pieces = _pieces(part, of, dict(heard), seen)
            if pieces:
                yield Sheaf(pieces, end, more=more), lines

    def _kinds(
        self, part: Sequence[News]
    ) -> tuple[list[tuple[frozenset[str], frozenset[str]]], list[int]]:
        """Tell the different audiences of a batch, as far as anybody here has such tags.

        The second list holds the number of its audience for each event, -1 for nobody's.
        """
        known = self._by_tag.keys()
        numbers: dict[tuple[frozenset[str], frozenset[str]], int] = {}
        of = []
        for news in part:
            aud, was = known & news.aud, known & news.was if news.was else _NO_TAGS
            if aud or was:
                kind = frozenset(aud), frozenset(was)
                of.append(numbers.setdefault(kind, len(numbers)))
            else:
                of.append(-1)
        return list(numbers), of


_NO_TAGS: frozenset[str] = frozenset()


def _leave(where: defaultdict[str, set[Line]], line: Line, names: Iterable[str]) -> None:
    for name in names:
        held = where.get(name)
        if held is not None:
            held.discard(line)
            if not held:
                del where[name]


def _pieces(
    part: Sequence[News], of: Sequence[int], kind: dict[int, bool], seen: Cursor | None
) -> Pieces:
    pieces = []
    for number, news in zip(of, part, strict=True):
        whole = kind.get(number)
        if whole is None or (seen is not None and seen >= news.cursor):
            continue
        pieces.append((news.cursor, news.whole if whole else news.gone))
    return pieces
