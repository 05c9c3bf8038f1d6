"""What a second source says of a person: moved, renamed, misspelt, half of it missing; labelled."""

import random
from dataclasses import replace

from polyphony.app.lab import names, people
from polyphony.app.lab.people import Person, World
from polyphony.app.lab.spelling import SCHEMES, plain, romanised, slip
from polyphony.domain.matching.aliases import cs, pl, ru, uk

_HOME = ("street", "house", "postcode")
_ABSENT_IN_BASE = {"born": 0.12, "phone": 0.20, "email": 0.30, "address": 0.20}
_ABSENT = {"born": 0.40, "phone": 0.35, "email": 0.45, "address": 0.50}
_TONGUES = {"cs": cs, "pl": pl, "ru": ru, "uk": uk}


def _nicknames() -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for language, module in _TONGUES.items():
        lines = (line.split() for line in filter(None, module.GROUPS.splitlines()))
        found[language] = {line[1]: tuple(line[2:]) for line in lines}
    return found


_NICKNAMES = _nicknames()


def known(made: World, one: Person) -> Person:
    """Return what the base holds: some fields missing, half of the Cyrillic names romanised."""
    chance = made.chance
    for field, share in _ABSENT_IN_BASE.items():
        if chance.random() < share:
            one = _without(one, field)
    if one.language in ("ru", "uk") and chance.random() < 0.5:
        one = _romanised(one, chance)
    return one


def seen_again(made: World, one: Person) -> tuple[Person, tuple[str, ...]]:
    """Return what another source says later, and the names of what happened to it."""
    labels: list[str] = []
    one = _life(made, one, labels)
    for field, share in _ABSENT.items():
        if made.chance.random() < share:
            one = _without(one, field)
            labels.append(f"no {field}")
    one = _name(made, one, labels)
    if one.born and made.chance.random() < 0.05:
        one = replace(one, born=_wrong_date(one.born, made.chance))
        labels.append("birth date slip")
    return one, tuple(labels)


def _life(made: World, one: Person, labels: list[str]) -> Person:
    """Let time pass: marriage, a move, another phone, another mailbox."""
    chance = made.chance
    if one.sex == "f" and chance.random() < 0.05:
        family = made.names[one.language].surname.draw(chance)
        one = replace(one, surname=names.of_woman(family, one.language))
        labels.append("new surname")
    if chance.random() < 0.15:
        street, house, postcode = people.address(made)
        one = replace(one, street=street, house=house, postcode=postcode)
        labels.append("moved")
    if chance.random() < 0.15:
        one = replace(one, phone=people.phone(made))
        labels.append("new phone")
    if chance.random() < 0.25:
        one = replace(one, email=people.email(made, one))
        labels.append("other e-mail")
    return one


def _name(made: World, one: Person, labels: list[str]) -> Person:
    chance = made.chance
    called = _NICKNAMES[one.language].get(one.given, ())
    if called and chance.random() < 0.4:
        one = replace(one, given=chance.choice(called))
        labels.append("nickname")
    if one.language in ("ru", "uk") and chance.random() < 0.5:
        one = _romanised(one, chance)
        labels.append("romanised")
    elif one.language in ("cs", "pl") and chance.random() < 0.4:
        street = plain(one.street) if one.street else None
        one = replace(one, given=plain(one.given), surname=plain(one.surname), street=street)
        labels.append("marks lost")
    if chance.random() < 0.2:
        one = _misspelt(one, chance)
        labels.append("typing slip")
    if chance.random() < 0.05:
        one = replace(one, given=one.surname, surname=one.given)
        labels.append("swapped names")
    return one


def _misspelt(one: Person, chance: random.Random) -> Person:
    if chance.random() < 1 / 3:
        one = replace(one, given=slip(one.given, chance))
    else:
        one = replace(one, surname=slip(one.surname, chance))
    return replace(one, surname=slip(one.surname, chance)) if chance.random() < 0.3 else one


def _romanised(one: Person, chance: random.Random) -> Person:
    scheme = chance.randrange(SCHEMES)
    given, surname = romanised(one.given, scheme), romanised(one.surname, scheme)
    return replace(one, given=given, surname=surname)


def _wrong_date(date: str, chance: random.Random) -> str:
    year, month, day = date.split("-")
    if int(day) < 13 and day != month and chance.random() < 0.5:
        return f"{year}-{day}-{month}"
    return f"{year}-{month}-{day[0]}{(int(day[1]) % 8) + 1}"


def _without(one: Person, field: str) -> Person:
    if field == "address":
        return replace(one, street=None, house=None, postcode=None)
    return replace(one, **{field: None})  # type: ignore[arg-type] # a name of _ABSENT
