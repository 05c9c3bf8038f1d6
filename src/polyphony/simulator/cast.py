"""The cast: the twelve of the demo, who they are, what they use today and what they will use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from polyphony.simulator.pages import one

DEMO_DOMAIN = "demo.example"
"""Every pretended address ends like this; no real one can."""


@dataclass(frozen=True, slots=True)
class Member:
    """One of the cast.

    ``over`` are the channels used today, ``later`` those that do not exist here yet; ``people``
    are others who write for the same firm or under the same name; ``shares`` names who has the
    same name and address, ``writes`` who writes in his place, ``note`` what
    colleagues noted of him.
    """

    key: str
    name: str
    age: int
    language: str
    email: str
    over: tuple[str, ...]
    later: tuple[str, ...]
    lives: Mapping[str, str]
    company: str = ""
    vip: bool = False
    people: tuple[tuple[str, str], ...] = ()
    shares: str = ""
    writes: str = ""
    note: str = ""

    def as_named(self, number: int) -> tuple[str, str]:
        """Return name and address of the member (0) or of one of its people (1 …)."""
        return (self.writes or self.name, self.email) if number == 0 else self.people[number - 1]


@cache
def cast() -> Mapping[str, Member]:
    """Return the cast by key."""
    return {key: _member(key, raw) for key, raw in one(_page()).items()}


def _page() -> Traversable:
    return files("polyphony.simulator") / "cast.yaml"


def _member(key: str, raw: object) -> Member:
    assert isinstance(raw, dict)  # noqa: S101 - our own file, checked by a test
    others = [*raw.get("people", ()), *raw.get("aliases", ())]
    return Member(
        key=key,
        name=raw["name"],
        age=raw["age"],
        language=raw["language"],
        email=raw["email"],
        over=tuple(raw["over"]),
        later=tuple(raw["later"]),
        lives=raw["lives"],
        company=raw.get("company", ""),
        vip=raw.get("vip", False),
        people=tuple((other["name"], other["email"]) for other in others),
        shares=raw.get("with", ""),
        writes=raw.get("writes", ""),
        note=raw.get("note", ""),
    )


def shown() -> Sequence[dict[str, object]]:
    """Return what the desk may show of the cast; those who are trouble are nobody to be."""
    return [
        {
            "key": who.key,
            "name": who.name,
            "company": who.company,
            "age": who.age,
            "language": who.language,
            "over": list(who.over),
            "later": list(who.later),
            "lives": dict(who.lives),
            "vip": who.vip,
        }
        for who in cast().values()
        if who.key != "trouble"
    ]
