"""Endings: whether stories that were told came to the end they promise."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from polyphony.simulator.stories import Story

Line = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Found:
    """Where a message of a story came to: the Case with what is known of it."""

    case: str
    customer: str
    tier: str
    language: str
    channel: str


@dataclass(slots=True)
class _End:
    """What one telling left behind: places of its messages, facts of the colleagues' part."""

    places: list[Found] = field(default_factory=list)
    desk: list[Line] = field(default_factory=list)

    def each(self, name: str) -> set[str]:
        return {str(getattr(one, name)) for one in self.places}

    def settled(self) -> bool:
        """Tell whether somebody was refused and at most one answer left.

        None leaves when a third colleague has the matter in hand: then both are told so.
        """
        races = [[str(told) for told in _list(one["race"])] for one in self.desk if "race" in one]
        return bool(races) and all("409" in one and one.count("201") <= 1 for one in races)

    def died(self) -> bool:
        return any(one.get("died") for one in self.desk)


_CHECKS: Mapping[str, Callable[[_End], object]] = {
    "cases": lambda end: len(end.each("case")),
    "customers": lambda end: len(end.each("customer")),
    "channels": lambda end: sorted(end.each("channel")),
    "language": lambda end: "+".join(sorted(end.each("language"))),
    "tier": lambda end: "+".join(sorted(end.each("tier"))),
    "one_answer": _End.settled,
    "died": _End.died,
}


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else []


def broken(
    stories: Mapping[str, Story], ledger: Iterable[Line], found: Mapping[str, Found]
) -> tuple[int, list[str]]:
    """Return how many tellings came to their end, and in words which promise each has broken.

    ``found`` are the places of messages by mark. A telling under way promises nothing yet.
    """
    told: list[str] = []
    ends: dict[str, _End] = {}
    for line in ledger:
        mark, channel = str(line["mark"]), line["channel"]
        if channel == "story":
            told.append(mark)
        elif channel == "desk":
            ends.setdefault(mark.rpartition(".")[0], _End()).desk.append(line)
        elif mark in found and "step" in line:
            telling = str(line["step"]).rpartition(".")[0]
            ends.setdefault(telling, _End()).places.append(found[mark])
    words: list[str] = []
    for telling in told:
        story = stories.get(telling.partition(".")[0])
        end = ends.get(telling, _End())
        for name, wanted in (story.expect if story else {}).items():
            got = _CHECKS[name](end)
            if got != (sorted(wanted) if isinstance(wanted, list) else wanted):
                words.append(f"{telling}: {name} {got}, not {wanted}")
    return len(told), words
