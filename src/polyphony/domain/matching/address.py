"""Postal addresses in parts that can be compared."""
# ruff: noqa: RUF001 - words of many alphabets

import re
from dataclasses import dataclass

_PREFIX = re.compile(
    r"^(?:(?:ul|ulica|ulice|al|aleja|aleje|os|osiedle|pl|plac|nám|nam|náměstí|namesti|námestie|tř|"
    r"tr|třída|trida|trieda|nábř|nabr|nábřeží|sídl|sidl|sídliště|sídlisko|ул|улица|вул|вулиця|пр|"
    r"просп|проспект|пер|переулок|пров|провулок|пл|площадь|площа|б-р|бульвар|наб|ш|шоссе|шосе)"
    r"(?:\.\s*|\s+))+"
)
_HOUSE = re.compile(r"^(.*?)[\s,]+(?:č\.?\s*p\.?|nr|no|д\.?|дом|буд\.?)?\s*(\d[\w/ -]*)$")
_FLAT = re.compile(r"[\s,]+(?:m|byt|lok|flat|apt|кв|квартира)\.?\s*(\w+)$")
_PART = re.compile(r"\d+\s?[^\W\d_]?\b")
_NO_DIGIT = re.compile(r"\D+")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Address:
    """Parts in small letters; ``houses`` are all numbers of the door, any of them may match."""

    street: str = ""
    houses: tuple[str, ...] = ()
    flat: str = ""
    postcode: str = ""
    city: str = ""


def address(street: str, house: str = "", postcode: str = "", city: str = "") -> Address:
    """Clean the parts of an address; a house behind the street's name is found there.

    Prefixes (ul., nám., ул., просп. …) are dropped; ``1234/5`` are two houses; the postcode is
    its digits, or what it is where it has none.
    """
    road = _SPACES.sub(" ", street).strip(" ,.").casefold()
    door = _SPACES.sub(" ", house).strip(" ,.").casefold()
    if not door:
        road, door = _with_flat(road)
        found = _HOUSE.match(road)
        if found and found[1].strip():
            road, door = found[1].strip(" ,."), f"{found[2]}{door}"
        elif door:
            road, door = road + door, ""
    flat = _FLAT.search(" " + door)
    if flat:
        door = (" " + door)[: flat.start()]
    numbers = tuple(dict.fromkeys(part.replace(" ", "") for part in _PART.findall(door)))
    digits = _NO_DIGIT.sub("", postcode)
    return Address(
        _PREFIX.sub("", road).strip(),
        numbers,
        flat[1] if flat else "",
        digits or _SPACES.sub("", postcode).casefold(),
        _SPACES.sub(" ", city).strip(" ,.").casefold(),
    )


def _with_flat(road: str) -> tuple[str, str]:
    """Split a flat off the end, which would hide the house before it."""
    flat = _FLAT.search(road)
    if flat and any(map(str.isdigit, road[: flat.start()])):
        return road[: flat.start()], road[flat.start() :]
    return road, ""
