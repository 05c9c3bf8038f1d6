"""Lines of a mail sorted: own words, quotes, headers of quotes, signatures; line by line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from polyphony.channels.email.parse import quoting, visible

WIDE_COLON = "\uff1a"
_LOOK = 2000
_JOIN = 6
_TRIES = 300  # headers of quotes looked for in one mail; beyond it nobody reads any more


class Kind(Enum):
    """What a line is."""

    TEXT = "text"
    QUOTE = "quote"
    ATTRIBUTION = "attribution"
    BELOW = "below"
    FORWARD = "forward"
    SIGNATURE = "signature"


@dataclass(slots=True)
class Line:
    """One line and what it is; ``only`` = a signature of this one line."""

    text: str
    kind: Kind = Kind.TEXT
    only: bool = False


def _has_address(text: str) -> bool:
    return "@" in text and quoting.ADDRESS.search(text) is not None


class _Sorter:
    """Goes through the lines once; looks a few lines ahead, never back."""

    def __init__(self, raw: list[str]) -> None:
        self.raw = raw
        self.out: list[Line] = []
        self.written = False
        self.tries = _TRIES

    def run(self) -> list[Line]:
        at = 0
        while at < len(self.raw):
            at = self._step(at)
        return self.out

    def _step(self, at: int) -> int:
        line = self.raw[at][:_LOOK]
        if not line.strip():
            self.out.append(Line(self.raw[at]))
            return at + 1
        for rule in self._rules(line):
            used = rule(line, at)
            if used:
                return at + used
        self.written = True
        self.out.append(Line(self.raw[at]))
        return at + 1

    def _rules(self, line: str) -> Iterator[Callable[[str, int], int]]:
        """The rules that can fit a line at all; most lines of prose are done without any."""
        colon = ":" in line or WIDE_COLON in line
        first = line.lstrip()[0]
        if first in (visible.ATTRIBUTION, visible.BELOW):
            yield self._marked
        near = colon or "@" in line or any(map(str.isdigit, line[:60]))
        if self.tries > 0 and (near or quoting.WROTE_END.search(line[-100:])):
            yield self._attribution
        if first == ">" or ">" in line[:16]:
            yield self._quote
        if self.tries > 0 and (colon or not first.isalnum() or len(line) < 40):
            yield self._header
        if not first.isalnum() or len(line) < 240:
            yield self._signature

    def _add(self, at: int, count: int, kind: Kind, *, only: bool = False) -> int:
        self.out.extend(Line(one, kind, only=only) for one in self.raw[at : at + count])
        return count

    def _next(self, at: int) -> int:
        """Return the number of the next line with letters, at most a few lines on."""
        while at < len(self.raw) and not self.raw[at].strip():
            at += 1
        return at

    def _marked(self, line: str, at: int) -> int:
        """Signs put there by the HTML: an attribution, or everything below."""
        if line == visible.ATTRIBUTION:
            count = 1
            while count < 5 and at + count < len(self.raw):
                if quoting.QUOTE.match(self.raw[at + count]):
                    break
                count += 1
            return self._add(at, count if count < 5 else 1, Kind.ATTRIBUTION)
        if line == visible.BELOW:
            following = self._next(at + 1)
            forward = following < len(self.raw) and quoting.FORWARD.match(self.raw[following])
            return self._add(at, 1, Kind.FORWARD if forward else Kind.BELOW)
        if line == visible.BELOW + "?":
            return self._add(
                at, 1, Kind.BELOW if self._labels(self._next(at + 1)) >= 3 else Kind.ATTRIBUTION
            )
        return 0

    def _attribution(self, line: str, at: int) -> int:
        """`On … X wrote:` over up to six lines."""
        line = line[:600]
        if used := self._at_once(line, at):
            return used
        joined = ""
        for count in range(1, _JOIN + 1):
            if at + count > len(self.raw):
                break
            piece = self.raw[at + count - 1][:_LOOK].strip()
            cut = joined.count("<") > joined.count(">") and piece.startswith(">")
            if count > 1 and not cut and self._breaks(piece):
                break
            joined += piece if not joined or joined.endswith("<") else f" {piece}"
            if len(joined) > 600:
                break
            self.tries -= count > 2
            if self._introduces(joined):
                strong = _has_address(joined) or bool(quoting.TIME.search(joined))
                return self._settle(at, count, strong=strong)
            if count == 1 and not self._may_start(line):
                break
        return 0

    def _at_once(self, line: str, at: int) -> int:
        """Headers of quotes that one line tells for certain."""
        if quoting.OLD_GMAIL.match(line):
            return self._settle(at, 1, strong=True)
        return self._add(at, 1, Kind.ATTRIBUTION) if self._leads(line, at) else 0

    def _leads(self, line: str, at: int) -> bool:
        """A short line with a colon, a name's address or a verb, and a quote right below it."""
        bare = line.rstrip("* ")
        if len(bare) > 120 or bare[-1:] not in {":", WIDE_COLON}:
            return False
        following = self._next(at + 1)
        if following >= len(self.raw) or not quoting.QUOTE.match(self.raw[following]):
            return False
        return _has_address(bare) or quoting.WROTE_END.search(bare) is not None

    def _breaks(self, piece: str) -> bool:
        """A line that cannot be the middle of an attribution."""
        if quoting.QUOTE.match(piece):
            return not quoting.WROTE_END.search(piece)
        return quoting.RULE.match(piece) is not None

    def _may_start(self, line: str) -> bool:
        if quoting.STARTS.match(line):
            return any(char.isdigit() for char in line) or len(line) < 40
        return "<" in line and _has_address(line)

    def _introduces(self, joined: str) -> bool:
        ends = joined.rstrip("* ")[-1:] in {":", WIDE_COLON}
        if not ends and not quoting.WROTE_END.search(joined[-100:]):
            return False
        if ends and quoting.NO_VERB.match(joined):
            return True
        if quoting.WROTE.search(joined) is None:
            return False
        dated = bool(quoting.YEAR.search(joined) or quoting.TIME.search(joined))
        if _has_address(joined):
            return ends or dated
        return ends and dated and quoting.STARTS.match(joined) is not None

    def _settle(self, at: int, count: int, *, strong: bool) -> int:
        """Quotes below: only the header goes. No signs of one: everything below, if certain."""
        following = self._next(at + count)
        if following >= len(self.raw):
            return self._add(at, count, Kind.ATTRIBUTION)
        below = self.raw[following]
        if quoting.QUOTE.match(below) or visible.ATTRIBUTION in below:
            return self._add(at, count, Kind.ATTRIBUTION)
        if below.startswith("|"):
            self._add(at, count, Kind.ATTRIBUTION)
            return count + self._bars(at + count)
        if quoting.INITIALS.match(below):
            self._add(at, count, Kind.ATTRIBUTION)
            return count + self._initials(at + count)
        if not self.written:
            return self._add(at, count, Kind.ATTRIBUTION)
        return self._add(at, count, Kind.BELOW) if strong else 0

    def _bars(self, at: int) -> int:
        count = 0
        while at + count < len(self.raw) and self.raw[at + count][:1] in {"|", ""}:
            count += 1
        return self._add(at, count, Kind.QUOTE)

    def _initials(self, at: int) -> int:
        count = 0
        while at + count < len(self.raw):
            line = self.raw[at + count]
            if line.strip() and not quoting.INITIALS.match(line):
                break
            count += 1
        return self._add(at, count, Kind.QUOTE)

    def _quote(self, line: str, at: int) -> int:
        if quoting.QUOTE.match(line):
            return self._add(at, 1, Kind.QUOTE)
        if quoting.INITIALS.match(line) and at + 1 < len(self.raw):
            following = self.raw[self._next(at + 1)] if self._next(at + 1) < len(self.raw) else ""
            if quoting.INITIALS.match(following):
                return self._initials(at)
        return 0

    def _header(self, line: str, at: int) -> int:
        """`-----Original Message-----`, forwards, and blocks of From/Sent/To/Subject."""
        if quoting.FORWARD.match(line):
            return self._add(at, 1, Kind.FORWARD)
        if quoting.ORIGINAL.match(line):
            return self._add(at, 1, Kind.BELOW)
        if quoting.ORIGINAL_BARE.match(line) and self._labels(self._next(at + 1)) >= 2:
            return self._add(at, 1, Kind.BELOW)
        if quoting.RULE.match(line) and self._labels(self._next(at + 1)) >= 3:
            return self._add(at, 1, Kind.BELOW)
        if quoting.LABEL.match(line) and self._labels(at) >= 3:
            return self._add(at, 1, Kind.BELOW)
        return 0

    def _labels(self, at: int) -> int:
        """Count the different header labels of a block that starts here; 0 when it is none."""
        kinds: set[str] = set()
        misses = 0
        self.tries -= 1
        for number in range(at, min(at + 14, len(self.raw))):
            line = self.raw[number][:300]
            if not line.strip():
                misses += kinds != set() and len(kinds) < 3
                if misses > 4:
                    break
                continue
            hit = quoting.LABEL.match(line)
            if hit is not None:
                kinds.update(
                    name for name, value in hit.groupdict().items() if value and name != "rest"
                )
            elif not kinds or misses > 4:
                break
            else:
                misses += 1
        block = self.raw[at : at + 8]
        if "who" not in kinds or not ("about" in kinds or any("@" in one for one in block)):
            return 0  # `From: Prague, To: Brno, Date: …` is an order, not a header
        return len(kinds)

    def _signature(self, line: str, at: int) -> int:
        if quoting.SENT_FROM.match(line):
            return self._add(at, 1, Kind.SIGNATURE, only=True)
        if quoting.DASHES.match(line) and self._short(at, 16 if line.startswith("-- ") else 12):
            return self._add(at, 1, Kind.SIGNATURE)
        if line.strip("_ ") == "" and len(line.strip()) >= 5 and self._short(at, 8):
            return self._add(at, 1, Kind.SIGNATURE)
        return 0

    def _short(self, at: int, most: int) -> bool:
        """A signature is a few short lines up to the end or to a quote."""
        count = 0
        for line in self.raw[at + 1 :]:
            if quoting.QUOTE.match(line) or quoting.ORIGINAL.match(line):
                break
            count += bool(line.strip())
            if count > most or len(line) > 400:
                return False
        return True


def classify(raw: list[str]) -> list[Line]:
    """Sort the lines of a text."""
    return _Sorter(raw).run()
