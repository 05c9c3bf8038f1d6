"""Checksums that numbers of persons and of companies share."""

from collections.abc import Sequence

_INN = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


def weighted(digits: str, weights: Sequence[int]) -> int:
    """Return the sum of the leading digits, each times its weight."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def inn(digits: str) -> bool:
    """Tell whether a Russian INN of ten (company) or twelve digits (person) is right."""
    if len(digits) == 10:
        return _inn_digit(digits, 9)
    return len(digits) == 12 and _inn_digit(digits, 10) and _inn_digit(digits, 11)


def _inn_digit(digits: str, place: int) -> bool:
    return weighted(digits[:place], _INN[-place:]) % 11 % 10 == int(digits[place])
