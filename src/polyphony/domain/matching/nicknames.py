"""Nicknames: which given names are one name, and what a given name tells of the sex."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache

from polyphony.domain.matching.aliases import cs, en, pl, ru, sk, uk
from polyphony.domain.matching.letters import readings
from polyphony.domain.matching.skeleton import skeletons


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CACHE = 1 << 16
_LOOSE = str.maketrans("yjw", "iiv")  # a nickname is known however its sounds are written
_LANGUAGES = (cs, sk, pl, ru, uk, en)
_FEMALE = re.compile("(?:[aá]|[ая])$")
_MALE = re.compile("[bcčďdfgghjkklłmnňpqrřsšśtťvwxzžż]$|[бвгґджзйклмнпрстфхцчшщ]$")
# Women whose name ends like a man's, where no group of the files has them.
_WOMEN = _words(
    "dagmar ester karin miriam ingrid astrid elen carmen karen judit margit rut ruth nikol "
    "kristin kirsten helen ellen susan sharon marion megan lauren caitlin kathryn jasmin doris "
    "iris agnes ines lois gwen erin rachel isabel mabel hazel carol april janet margaret elizabeth "
    "ninel rachil ljubov liubov lyubov ann anh"
)
# Men whose name ends like a woman's.
_MEN = _words(
    "ilja ilya illia nikita mykyta mikita kuzma luka foma savva sava danila gavrila joshua luca "
    "attila kosta janda jarda barnaba kosma bonaventura sasha jehoshua ezra noah josua"
)


@dataclass(frozen=True, slots=True)
class _Group:
    sex: str
    skeletons: frozenset[str]


@cache
def _groups() -> tuple[tuple[_Group, ...], dict[str, frozenset[int]], dict[str, set[str]]]:
    """Read the files once: the groups, the groups of a reading, the sexes of names in papers."""
    groups: list[_Group] = []
    member: dict[str, set[int]] = defaultdict(set)
    papers: dict[str, set[str]] = defaultdict(set)
    for language in _LANGUAGES:
        for line in filter(None, language.GROUPS.splitlines()):
            sex, *names = line.split()
            for reading in readings(names[0]):
                papers[reading].add(sex)
            for name in names:
                for reading in readings(name):
                    member[reading.translate(_LOOSE)].add(len(groups))
            keys = frozenset(key for name in names for key in skeletons(name))
            groups.append(_Group(sex, keys))
    return tuple(groups), {name: frozenset(found) for name, found in member.items()}, papers


@lru_cache(_CACHE)
def groups_of(given: str) -> frozenset[int]:
    """Return the groups a given name belongs to, by any of its readings."""
    _, member, _ = _groups()
    found: frozenset[int] = frozenset()
    for reading in readings(given):
        found |= member.get(reading.translate(_LOOSE), frozenset())
    return found


def alias(one: str, other: str) -> bool:
    """Tell whether both may be one given name: Jan and Honza, Екатерина and Katya."""
    return not groups_of(one).isdisjoint(groups_of(other))


@lru_cache(_CACHE)
def alias_skeletons(given: str) -> frozenset[str]:
    """Return the skeletons of everything the bearer may be called, this name included."""
    groups, _, _ = _groups()
    found = set(skeletons(given))
    for number in groups_of(given):
        found |= groups[number].skeletons
    return frozenset(found)


@lru_cache(_CACHE)
def sex_of(given: str) -> str | None:
    """Return m or f as far as a given name tells it; None where it may be either.

    A name of papers is what papers say (Jan is a man, though a Janet may be called so); of a
    name no list has, the ending is a guess.
    """
    return _listed_sex(given) or (None if groups_of(given) else _guessed_sex(given))


def opposite(one: str, other: str) -> bool:
    """Tell whether two given names are of a man and of a woman.

    A guess from the ending counts only between names that differ in nothing else: Zorjan and
    Zorjana, but not Nicholas and Nicholsa, where a hand slipped.
    """
    first, second = sex_of(one), sex_of(other)
    if first is None or second is None or first == second or alias(one, other):
        return False
    if _listed_sex(one) and _listed_sex(other):
        return True
    return not _bare(one).isdisjoint(_bare(other))


@lru_cache(_CACHE)
def _listed_sex(given: str) -> str | None:
    ways = readings(given)
    groups, _, papers = _groups()
    known = {sex for way in ways for sex in papers.get(way, ())}
    known = known or {groups[number].sex for number in groups_of(given)}
    if not known:
        known = {sex for sex, names in (("f", _WOMEN), ("m", _MEN)) if not names.isdisjoint(ways)}
    return known.pop() if len(known) == 1 else None


def _guessed_sex(given: str) -> str | None:
    small = given.casefold()
    if _FEMALE.search(small):
        return "f"
    return "m" if _MALE.search(small) else None


@lru_cache(_CACHE)
def _bare(given: str) -> frozenset[str]:
    return frozenset(way.translate(_LOOSE).rstrip("aeiou") for way in readings(given))
