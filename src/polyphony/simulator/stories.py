"""Stories: what the cast does, step by step, read from stories/*.yaml."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from polyphony.simulator.cast import cast
from polyphony.simulator.pages import read

DOES = frozenset(
    {"chat.say", "chat.leave", "mail.write", "mail.loop", "await", "crowd", "desk.race", "desk.die"}
)
EXPECTS = frozenset({"cases", "customers", "channels", "language", "tier", "one_answer", "died"})
"""What a story may promise of its end."""
_SPAN = re.compile(r"(\d+(?:\.\d+)?)(s|m|h|d)")
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: after how many story seconds, who does what.

    ``person`` is the number of one of the member's people (0: the member), ``facts`` what the kind
    of step needs beside the words.
    """

    after_s: float
    do: str
    who: str
    person: int = 0
    say: str = ""
    subject: str = ""
    for_s: float = 0.0
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """A story; ``title`` in four languages, ``every_s`` 0 = told once, ``later`` as of the cast.

    ``starts_s`` are story seconds after the world began; negative: only when somebody asks for it.
    ``expect`` is how it must end (``simulator.verify``).
    """

    key: str
    title: Mapping[str, str]
    starts_s: float
    every_s: float
    steps: Sequence[Step]
    later: tuple[str, ...] = ()
    expect: Mapping[str, object] = field(default_factory=dict)

    @property
    def members(self) -> tuple[str, ...]:
        """Return who acts in it."""
        return tuple(dict.fromkeys(step.who for step in self.steps if step.who))


def seconds(text: object) -> float:
    """Read a span: 40s, 3m, 2h, 2d; raise ValueError."""
    found = _SPAN.fullmatch(str(text).strip())
    if found is None:
        raise ValueError(text)
    return float(found[1]) * _UNITS[found[2]]


@cache
def stories() -> Mapping[str, Story]:
    """Return all stories by key; a broken one raises ValueError with its name."""
    folder = files("polyphony.simulator") / "stories"
    return {key: _story(key, raw) for key, raw in read(folder)}


def _story(key: str, raw: Mapping[str, object]) -> Story:
    steps, title, later = raw["steps"], raw["title"], raw.get("later", ())
    if (
        not isinstance(steps, list)
        or not isinstance(title, dict)
        or not isinstance(later, list | tuple)
    ):
        raise ValueError(key)  # noqa: TRY004 - the content is wrong, not a type of ours
    expect = raw.get("expect", {})
    if not isinstance(expect, dict) or not EXPECTS.issuperset(expect):
        raise ValueError(f"{key}: expect")
    who = str(raw.get("who", ""))
    starts = raw.get("starts")
    return Story(
        key,
        title,
        seconds(starts) if starts is not None else -1.0,
        seconds(raw["every"]) if "every" in raw else 0.0,
        [_step(key, who, one) for one in steps],
        tuple(map(str, later)),
        expect,
    )


def _step(story: str, main: str, raw: Mapping[str, object]) -> Step:
    known = {"after", "do", "who", "person", "say", "subject", "for"}
    step = Step(
        seconds(raw.get("after", "0s")),
        str(raw["do"]),
        str(raw.get("who", main)),
        int(str(raw.get("person", 0))),
        str(raw.get("say", "")).strip(),
        str(raw.get("subject", "")),
        seconds(raw.get("for", "0s")),
        {name: value for name, value in raw.items() if name not in known},
    )
    if step.do not in DOES or (step.who and step.who not in cast()):
        raise ValueError(f"{story}: {step.do} by {step.who}")
    return step
