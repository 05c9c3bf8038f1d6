"""Made-up households: couples, children, fathers and sons of one name, twins, shared phones."""

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from polyphony.app.lab import names
from polyphony.app.lab.spelling import plain, romanised
from polyphony.domain.matching.mailbox import mail_key

_STREETS = (
    *("Dlouhá", "Krátká", "Nádražní", "Školní", "Polní", "Lesní", "Zahradní", "Květná", "Sadová"),
    *("Husova", "Palackého", "Masarykova", "Krakowska", "Leśna", "Szkolna", "Polna", "Ogrodowa"),
    *("Kwiatowa", "Mickiewicza", "Lipowa"),
)
_KINDS = ("", " I", " II", " nová", " stará")
_MAILS = ("seznam.cz", "gmail.com", "wp.pl", "onet.pl", "mail.ru", "email.cz")
_TODAY = date(2026, 1, 1)
_PLACES = 1_500


@dataclass(frozen=True, slots=True)
class Person:
    """One made-up person; ``language`` and ``sex`` are the truth, not what a source says."""

    language: str
    sex: str
    given: str
    surname: str
    born: str | None
    street: str | None
    house: str | None
    postcode: str | None
    phone: str | None
    email: str | None


@dataclass(slots=True)
class World:
    """The lists and the dice everything is drawn from; no mailbox is given away twice."""

    chance: random.Random
    names: dict[str, names.Names]
    postcodes: list[str]
    mails: set[str] = field(default_factory=set)


def world(seed: int) -> World:
    """Return a world; the same seed gives the same people."""
    chance = random.Random(seed)  # noqa: S311 - made-up data, repeatable on purpose
    lists = names.load(chance)
    return World(chance, lists, [str(chance.randint(10_000, 79_999)) for _ in range(_PLACES)])


def households(made: World, size: int) -> list[list[Person]]:
    """Return households with ``size`` people in all, or up to three more."""
    found: list[list[Person]] = []
    count = 0
    while count < size:
        found.append(household(made))
        count += len(found[-1])
    return found


def household(made: World) -> list[Person]:
    """Make one to four people under one roof."""
    chance = made.chance
    language = chance.choices([*names.LANGUAGES], [*names.LANGUAGES.values()])[0]
    lists = made.names[language]
    surname, home = lists.surname.draw(chance), address(made)
    many = chance.choices([1, 2, 3, 4], [0.35, 0.30, 0.17, 0.18])[0]
    twins = born(made, 14, 27) if many == 4 and chance.random() < 0.05 else None
    shared = phone(made) if chance.random() < 0.35 else None
    found: list[Person] = []
    for place in range(many):
        sex = _sex(made, place, many)
        given = _given(made, language, sex, found)
        family = surname if place != 1 or chance.random() > 0.15 else lists.surname.draw(chance)
        day = (twins if place > 1 else None) or _birthday(made, place, many)
        own = shared if shared and chance.random() < 0.7 else phone(made)
        bears = names.of_woman(family, language) if sex == "f" else family
        one = Person(language, sex, given, bears, day, *home, own, None)
        found.append(replace(one, email=_email(made, one, found)))
    return found


def _sex(made: World, place: int, many: int) -> str:
    if many > 1 and place < 2:
        return "mf"[place]
    return made.chance.choice("mf")


def _given(made: World, language: str, sex: str, before: list[Person]) -> str:
    """Draw a name no brother or sister has; a son may have his father's (12 %)."""
    taken = {one.given for one in before[2:]}
    father = before[0].given if len(before) > 1 else None
    if sex == "m" and father and father not in taken and made.chance.random() < 0.12:
        return father
    while True:
        name = made.names[language].given[sex].draw(made.chance)
        if name not in taken:
            return name


def _birthday(made: World, place: int, many: int) -> str:
    if many == 1:
        return born(made, 20, 90)
    return born(made, 28, 75) if place < 2 else born(made, 14, 27)


def _email(made: World, one: Person, before: list[Person]) -> str:
    if before and made.chance.random() < 0.15 and before[0].email:
        return before[0].email
    return email(made, one)


def born(made: World, youngest: int, oldest: int) -> str:
    """Draw a birth date of somebody of this age."""
    days = made.chance.randint(youngest * 365, oldest * 365)
    return (_TODAY - timedelta(days=days)).isoformat()


def phone(made: World) -> str:
    """Draw a Czech or Slovak number."""
    return f"+42{made.chance.choice('01')}{made.chance.randint(600_000_000, 799_999_999)}"


def address(made: World) -> tuple[str, str, str]:
    """Draw street, house and postcode; low numbers are frequent, as they are."""
    chance = made.chance
    street = chance.choice(_STREETS) + chance.choice(_KINDS)
    house = str(int(chance.paretovariate(0.8)) % 180 + 1)
    return street, house, chance.choice(made.postcodes)


def email(made: World, one: Person) -> str:
    """Make a mailbox of the name that nobody else has."""
    chance = made.chance
    given, family = (_letters(romanised(part, 0)) for part in (one.given, one.surname))
    while True:
        long = given + chance.choice((".", "", "_")) + family
        local = chance.choice((long, long, given[:1] + family))
        local += chance.choice(("", "", str(chance.randint(1, 99)), str(chance.randint(1, 9_999))))
        address = f"{local}@{chance.choice(_MAILS)}"
        key = mail_key(address) or address
        if key not in made.mails:
            made.mails.add(key)
            return address


def _letters(name: str) -> str:
    return "".join(char for char in plain(name).lower() if char.isalnum())
