"""A person's name in parts: titles off, patronymic apart, both orders where none is known."""
# ruff: noqa: RUF001 - words of many alphabets

import re
from dataclasses import dataclass

from polyphony.domain.matching.letters import fold
from polyphony.domain.matching.nicknames import groups_of


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TITLES = _words(
    "ing mgr mga mudr judr phdr rndr mvdr pharmdr paeddr thdr thmgr icdr bc bca mba llm phd csc "
    "drsc doc prof dis dsc dr inz hab lic lek mec arch akad et pan pani pana paan slecna panna p "
    "mr mrs ms miss mx sir madam jr sr st ml herr frau "
    "г-н г-жа господин госпожа гн гжа пан пані панна гр др проф доц инж тов"
)
_PATRONYMIC = re.compile(
    "(?:ович|евич|ёвич|ьич|ильич|овна|евна|ёвна|ична|инична|івна|ївна|йович|"
    "ovich|evich|ovič|evič|owicz|ewicz|ovych|evych|iovych|ovna|evna|owna|ewna|ivna|ichna|ična)$"
)
_SPACES = re.compile(r"[\s\u00a0]+")
_OUTER = '.,;:()[]"„“”«»'
_NAME_MAX = 120


@dataclass(frozen=True, slots=True)
class PersonName:
    """Parts in small letters, in the alphabet they came in; empty where there is none.

    A hyphenated surname keeps its hyphen: it is a set of parts. ``ordered`` is False where it
    was guessed which part is the given name.
    """

    given: str = ""
    surname: str = ""
    patronymic: str = ""
    ordered: bool = True


def person_name(given: str, surname: str) -> PersonName:
    """Clean the two fields of a form; a patronymic behind the given name goes apart."""
    first, last = _tokens(given), _tokens(surname)
    patronymic = ""
    if len(first) > 1 and _PATRONYMIC.search(first[-1]):
        patronymic = first.pop()
    elif len(last) > 1 and _PATRONYMIC.search(last[-1]):
        patronymic = last.pop()
    return PersonName(" ".join(first), _joined(last), patronymic)


def shown_name(text: str) -> PersonName:
    """Read a display name; a comma means surname first, else known given names decide.

    Of three words in Cyrillic with a patronymic the one before it is the given name.
    """
    before, comma, after = text[:_NAME_MAX].partition(",")
    if comma and _tokens(before) and _tokens(after):
        return person_name(after, before)
    words = _tokens(text)
    place = next((at for at, word in enumerate(words) if at and _PATRONYMIC.search(word)), None)
    if place is not None and len(words) > 2:
        left = words[: place - 1] + words[place + 1 :]
        return PersonName(words[place - 1], _joined(left), words[place])
    if len(words) < 2:
        return PersonName(given=words[0] if words else "", ordered=False)
    first, last = words[0], words[-1]
    turned = bool(groups_of(last)) and not groups_of(first)
    if turned:
        return PersonName(last, _joined(words[:-1]), ordered=False)
    known = bool(groups_of(first)) and not groups_of(last)
    return PersonName(first, _joined(words[1:]), ordered=known)


def parts(surname: str) -> tuple[str, ...]:
    """Return the parts of a hyphenated surname."""
    return tuple(filter(None, surname.split("-")))


def _tokens(text: str) -> list[str]:
    words = [word.strip(_OUTER) for word in _SPACES.split(text[:_NAME_MAX].casefold())]
    words = [word for word in words if any(map(str.isalpha, word))]
    plain = [word for word in words if fold(word).replace(".", "") not in _TITLES]
    return plain or words


def _joined(words: list[str]) -> str:
    return "-".join(part for word in words for part in parts(word))
