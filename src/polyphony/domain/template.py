"""Template: the variables of snippets, signatures and answers, and what they say for one Case."""
# ruff: noqa: RUF001 - names of months in many languages

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

NAMES = (
    "customer.name", "customer.first_name", "case.reference", "agent.name", "agent.first_name",
    "brand.name", "department.name", "today",
)  # fmt: skip
"""Every variable there is; any other name stays unresolved."""

_VARIABLE = re.compile(r"\{\{[ \t]*([a-z][a-z_]{0,30}(?:\.[a-z][a-z_]{0,30}){0,3})[ \t]*\}\}")
_MONTHS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ),
    "cs": (
        "ledna", "února", "března", "dubna", "května", "června", "července", "srpna", "září",
        "října", "listopadu", "prosince",
    ),
    "pl": (
        "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia",
        "września", "października", "listopada", "grudnia",
    ),
    "ru": (
        "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября",
        "октября", "ноября", "декабря",
    ),
}  # fmt: skip
_DATE: Mapping[str, str] = {
    "en": "{day} {month} {year}",
    "cs": "{day}. {month} {year}",
    "pl": "{day} {month} {year}",
    "ru": "{day} {month} {year} г.",
}


@dataclass(frozen=True, slots=True)
class Resolved:
    """A text with its variables replaced; ``missing`` names those nobody has a value for."""

    text: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What the variables are drawn from; an empty text = not known."""

    customer: str
    reference: str
    agent: str
    department: str
    language: str
    today: date
    brand: str = ""


def variables(text: str) -> Iterator[str]:
    """Yield the names of the variables in a text, in order, doubles too."""
    return (found[1] for found in _VARIABLE.finditer(text))


def resolve(text: str, values: Mapping[str, str]) -> Resolved:
    """Replace every variable that has a value; what has none stays as it is and is named once.

    Values are not read again: braces in a customer's name change nothing.
    """
    missing = tuple(dict.fromkeys(name for name in variables(text) if not values.get(name)))
    return Resolved(_VARIABLE.sub(lambda found: values.get(found[1]) or found[0], text), missing)


def first_name(name: str) -> str:
    """Return the first word of a person's name; a bare address has none."""
    words = name.split()
    return "" if not words or "@" in name else words[0].strip(",")


def day(when: date, language: str) -> str:
    """Return a date as people write it in a letter."""
    code = language.split("-", maxsplit=1)[0].lower()
    code = code if code in _MONTHS else "en"
    return _DATE[code].format(day=when.day, month=_MONTHS[code][when.month - 1], year=when.year)


def values(facts: Facts) -> dict[str, str]:
    """Return what every variable says for one Case; those nobody knows are empty."""
    named = "" if "@" in facts.customer else facts.customer.strip()
    return {
        "customer.name": named,
        "customer.first_name": first_name(facts.customer),
        "case.reference": facts.reference,
        "agent.name": facts.agent,
        "agent.first_name": first_name(facts.agent),
        "brand.name": facts.brand,
        "department.name": facts.department,
        "today": day(facts.today, facts.language),
    }


def in_language(texts: Mapping[str, object], *wanted: str) -> str:
    """Return a text in the first of these languages it has, in English, or in any it has."""
    codes = [one.split("-", maxsplit=1)[0] for one in wanted if one]
    found = (str(texts.get(one) or "").strip() for one in (*codes, "en", *texts))
    return next((one for one in found if one), "")
