"""Features: what one Record says of a person, in the form in which it is compared and stored."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from polyphony.domain.matching.address import Address, address
from polyphony.domain.matching.birth_date import birth_date
from polyphony.domain.matching.mailbox import mail_key
from polyphony.domain.matching.person_name import PersonName, person_name, shown_name
from polyphony.domain.matching.phone_number import Sort, phone_number

VALUES_MAX = 20


@dataclass(frozen=True, slots=True)
class Stated:
    """What a source says, as it says it. ``name`` is used where the two parts are not known.

    ``region`` (two capital letters) reads phone numbers without a country code. ``numbers`` are
    keyed hashes of national ids, company and customer numbers, made by the caller.
    """

    given: str = ""
    surname: str = ""
    name: str = ""
    born: str = ""
    street: str = ""
    house: str = ""
    postcode: str = ""
    city: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    source_key: str = ""
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Features:
    """The comparable form, kept as ``record.feat``; empty where the source says nothing."""

    given: str = ""
    surname: str = ""
    patronymic: str = ""
    born: str = ""
    street: str = ""
    houses: tuple[str, ...] = ()
    flat: str = ""
    postcode: str = ""
    city: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    source_key: str = ""


def features(stated: Stated) -> Features:
    """Normalise what a source says. What cannot be read counts as not said."""
    name = _name(stated)
    home = _home(stated)
    phones = (phone_number(raw, stated.region) for raw in stated.phones[:VALUES_MAX])
    usual = (one.e164 for one in phones if one is not None and one.sort is Sort.USUAL)
    emails = (mail_key(raw) for raw in stated.emails[:VALUES_MAX])
    return Features(
        given=name.given,
        surname=name.surname,
        patronymic=name.patronymic,
        born=birth_date(stated.born) or "",
        street=home.street,
        houses=home.houses,
        flat=home.flat,
        postcode=home.postcode,
        city=home.city,
        phones=tuple(dict.fromkeys(usual)),
        emails=tuple(dict.fromkeys(filter(None, emails))),
        numbers=tuple(dict.fromkeys(stated.numbers[:VALUES_MAX])),
        source_key=stated.source_key,
    )


def _name(stated: Stated) -> PersonName:
    if stated.given or stated.surname or not stated.name:
        return person_name(stated.given, stated.surname)
    return shown_name(stated.name)


def _home(stated: Stated) -> Address:
    return address(stated.street, stated.house, stated.postcode, stated.city)


def pack(one: Features) -> dict[str, object]:
    """Return it as JSON, without what is empty."""
    named = ((field.name, getattr(one, field.name)) for field in fields(one))
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in named if value
    }


def unpack(stored: Mapping[str, object]) -> Features:
    """Return what ``pack`` made; fields of another version are left out."""
    known = {field.name for field in fields(Features)}
    values = {
        name: tuple(map(str, value)) if isinstance(value, list) else str(value)
        for name, value in stored.items()
        if name in known
    }
    return Features(**values)  # type: ignore[arg-type] # names and kinds are those of pack
