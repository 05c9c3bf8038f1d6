"""Telephone numbers as keys to compare: E.164, the extension apart, odd numbers flagged."""

import re
from dataclasses import dataclass
from enum import StrEnum

_EXTENSION = re.compile(
    r"(?:ext\.?|x|linka|kl\.?|klapka|wewn?\.?|доб\.?|вн\.?)\s*(\d{1,6})\s*$", re.IGNORECASE
)
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_NO_DIGIT = re.compile(r"\D+")
_TAIL = 9


class Sort(StrEnum):
    """What a number is good for: only ``usual`` ones say who somebody is."""

    USUAL = "usual"
    PREMIUM = "premium"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number in E.164 (short ones: digits alone), its extension, its sort."""

    e164: str
    extension: str = ""
    sort: Sort = Sort.USUAL


def phone_number(raw: str, region: str | None = None) -> PhoneNumber | None:
    """Read a number; None where it cannot be one.

    What is E.164 already costs nothing; else ``phonenumbers`` is loaded (0.03 to 0.7 s, once),
    and numbers without + or 00 are read in ``region`` (two capital letters).
    """
    text = raw.strip()
    if _E164.fullmatch(text) and region is None:
        return PhoneNumber(text)
    extension = _EXTENSION.search(text)
    if extension:
        text = text[: extension.start()]
    text = text.strip()
    if text.startswith("00"):
        text = "+" + text[2:]
    found = _parsed(text, region)
    if found is None:
        return None
    return PhoneNumber(found.e164, extension[1] if extension else "", found.sort)


def _parsed(text: str, region: str | None) -> PhoneNumber | None:
    import phonenumbers  # noqa: PLC0415 - heavy tables, only where a number is not E.164 yet

    digits = _NO_DIGIT.sub("", text)
    if not text.startswith("+") and 3 <= len(digits) <= 6:
        return PhoneNumber(digits, sort=Sort.SHORT)
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    kind = phonenumbers.number_type(number)
    odd = {phonenumbers.PhoneNumberType.PREMIUM_RATE, phonenumbers.PhoneNumberType.SHARED_COST}
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return PhoneNumber(e164, sort=Sort.PREMIUM if kind in odd else Sort.USUAL)


def tail(e164: str) -> str:
    """Return the last nine digits: what stays when the country code is written or not."""
    return _NO_DIGIT.sub("", e164)[-_TAIL:]
