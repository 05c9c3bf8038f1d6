"""What the pretended customers write: stories read from stories/*.toml, in four languages."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "cs", "pl", "ru")


@dataclass(frozen=True, slots=True)
class Told:
    """A story in one language: what is asked, what may follow, how one thanks."""

    subject: str
    opening: str
    follow_ups: tuple[str, ...]
    thanks: str


@dataclass(frozen=True, slots=True)
class Story:
    """One matter a customer may write about; ``told`` has every language of LANGUAGES."""

    key: str
    weight: float
    attachment: str
    told: dict[str, Told]


@cache
def stories() -> tuple[Story, ...]:
    """Read all stories; a story that lacks a language is a mistake of ours and raises KeyError."""
    folder = files("polyphony.simulator") / "stories"
    paths = sorted(
        (path for path in folder.iterdir() if path.name.endswith(".toml")), key=lambda p: p.name
    )
    return tuple(
        _story(path.name.removesuffix(".toml"), tomllib.loads(path.read_text("utf-8")))
        for path in paths
    )


def _story(key: str, raw: dict[str, object]) -> Story:
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
    return Story(key, float(str(raw["weight"])), str(raw.get("attachment", "")), told)
