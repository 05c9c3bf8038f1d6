"""Lists of names of four languages, frequent and rare ones as in life (Zipf), from faker."""
# ruff: noqa: RUF001 - Cyrillic letters

import importlib
import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from polyphony.domain.errors import Invalid

LANGUAGES = {"cs": 0.42, "pl": 0.36, "ru": 0.12, "uk": 0.10}
_PROVIDERS = {"cs": "cs_CZ", "pl": "pl_PL", "ru": "ru_RU", "uk": "uk_UA"}
_SURNAMES = {"cs": "last_names_male", "pl": "unisex_last_names", "ru": "last_names_male"}
_SURNAMES["uk"] = "last_names_male"
_FLATTEN, _POWER = 3, 0.75


@dataclass(frozen=True, slots=True)
class Bag:
    """Values and how often each is drawn."""

    values: tuple[str, ...]
    upto: tuple[float, ...]

    def draw(self, chance: random.Random) -> str:
        """Draw one."""
        return chance.choices(self.values, cum_weights=self.upto)[0]


@dataclass(frozen=True, slots=True)
class Names:
    """Given names by sex and surnames (of men) of one language."""

    given: dict[str, Bag] = field(default_factory=dict)
    surname: Bag = Bag((), ())


def load(chance: random.Random) -> dict[str, Names]:
    """Read the lists; raise Invalid where faker is not installed."""
    return {language: _names(_provider(language), language, chance) for language in LANGUAGES}


def _provider(language: str) -> Any:  # noqa: ANN401 - a class of a library that need not be here
    try:
        module = importlib.import_module(f"faker.providers.person.{_PROVIDERS[language]}")
    except ModuleNotFoundError as missing:
        raise Invalid("lab.faker_missing", {"do": "pip install faker"}) from missing
    return module.Provider


def _names(provider: Any, language: str, chance: random.Random) -> Names:  # noqa: ANN401 - see above
    given = {
        "m": bag(provider.first_names_male, chance),
        "f": bag(provider.first_names_female, chance),
    }
    return Names(given, bag(getattr(provider, _SURNAMES[language]), chance))


def bag(values: Sequence[str], chance: random.Random) -> Bag:
    """Return the values shuffled, the n-th drawn with a weight of (n + 3)^-0.75."""
    known = sorted(set(values))
    chance.shuffle(known)
    weights = [1 / (place + _FLATTEN) ** _POWER for place in range(len(known))]
    return Bag(tuple(known), tuple(itertools.accumulate(weights)))


def of_woman(surname: str, language: str) -> str:
    """Return the surname a woman of this family bears."""
    if language == "cs":
        return _czech(surname)
    if language == "pl":
        return surname[:-1] + "a" if surname.endswith(("ski", "cki", "dzki")) else surname
    if language == "ru" and surname.endswith(("ов", "ев", "ёв", "ин", "ын")):
        return surname + "а"
    if surname.endswith("ий"):
        return surname[:-2] + ("ая" if language == "ru" else "а")
    return surname


def _czech(surname: str) -> str:
    if surname.endswith("ý"):
        return surname[:-1] + "á"
    if surname.endswith("ek"):
        return surname[:-2] + "ková"
    if surname.endswith("ec"):
        return surname[:-2] + "cová"
    return (surname[:-1] if surname[-1] in "aeoíě" else surname) + "ová"
