"""Reference: the number of a Case that people speak; it identifies, it never authorises."""

import re
from itertools import pairwise

_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip
_SMALL, _LARGE = 10**7, 10**9
_ROUNDS = 6
_NOISE = re.compile(r"[\s\-\u2010-\u2015\u00a0\u202f#.]+")
_LENGTHS = frozenset({10, 12})
_GAP = r"[\s\u00a0-]?"
_IN_TEXT = re.compile(rf"\[#?\s*(\d{{2}}{_GAP}\d{{4}}{_GAP}\d{{4}}(?:{_GAP}\d{{2}})?)\s*\]")


def reference(year: int, n: int, key: bytes) -> str:
    """Return the digits of the ``n``-th Case (from 0) under a secret of at least 24 bytes.

    Two digits year, the permuted number, a check digit: ten digits for ten million Cases, then
    twelve. Neighbours look unrelated.
    """
    if n < _SMALL:
        body = f"{_permute(n, _SMALL, 12, key):07d}"
    else:
        body = f"{_permute(n - _SMALL, _LARGE, 15, key):09d}"
    digits = f"{year % 100:02d}{body}"
    return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """Return Damm's digit: finds every wrong digit and every swap of neighbours."""
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)


def parse(text: str) -> str | None:
    """Return the bare digits of what somebody typed, None when it is no reference."""
    digits = _NOISE.sub("", text)
    if len(digits) not in _LENGTHS or not (digits.isascii() and digits.isdigit()):
        return None
    return digits if check_digit(digits[:-1]) == digits[-1] else None


def shown(digits: str) -> str:
    """Return the form for people: ``26 0412 7352``."""
    cuts = (0, 2, 6, 10, len(digits))
    return " ".join(digits[a:b] for a, b in pairwise(cuts) if a < b)


def found_in(subject: str) -> str | None:
    """Return the first right reference that stands in square brackets in a subject."""
    for hit in _IN_TEXT.finditer(subject):
        if (digits := parse(hit.group(1))) is not None:
            return digits
    return None


def _permute(n: int, size: int, half: int, key: bytes) -> int:
    """Walk the cycle of a Feistel network over 2·half bits until it lands below ``size``."""
    mask = (1 << half) - 1
    rounds = [int.from_bytes(key[4 * i : 4 * i + 4], "big") for i in range(_ROUNDS)]
    while True:
        left, right = n >> half, n & mask
        for secret in rounds:
            mixed = ((right ^ secret) * 0x9E3779B1 + (secret >> 3)) & 0xFFFFFFFF
            mixed = ((mixed ^ (mixed >> 15)) * 0x85EBCA77) & 0xFFFFFFFF
            left, right = right, left ^ ((mixed ^ (mixed >> 13)) >> 7 & mask)
        n = left << half | right
        if n < size:
            return n
