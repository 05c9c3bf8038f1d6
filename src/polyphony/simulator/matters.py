"""What the crowd writes about: matters read from matters/*.yaml, each told in four languages."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from polyphony.simulator.pages import read

LANGUAGES = ("en", "cs", "pl", "ru")


@dataclass(frozen=True, slots=True)
class Told:
    """A matter in one language: what is asked, what may follow, how one thanks."""

    subject: str
    opening: str
    follow_ups: tuple[str, ...]
    thanks: str


@dataclass(frozen=True, slots=True)
class Matter:
    """Something a customer may write about; ``told`` has every language of LANGUAGES."""

    key: str
    weight: float
    attachment: str
    told: dict[str, Told]


@cache
def matters() -> tuple[Matter, ...]:
    """Read all matters; one that lacks a language is a mistake of ours and raises KeyError."""
    folder = files("polyphony.simulator") / "matters"
    return tuple(_matter(key, raw) for key, raw in read(folder))


def _matter(key: str, raw: dict[str, object]) -> Matter:
    told = {}
    for language in LANGUAGES:
        words = raw[language]
        assert isinstance(words, dict)  # noqa: S101 - our own file, checked by a test
        told[language] = Told(
            str(words["subject"]),
            str(words["opening"]),
            tuple(map(str, words["follow_ups"])),
            str(words["thanks"]),
        )
    return Matter(key, float(str(raw["weight"])), str(raw.get("attachment", "")), told)
