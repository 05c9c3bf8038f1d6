"""Password: what is good enough, its argon2id digest, and the second factor's codes (RFC 6238)."""

import base64
import hashlib
import hmac
import struct
from urllib.parse import quote

from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret, verify_secret

from polyphony.domain.errors import Invalid

LENGTH_MIN = 10
LENGTH_MAX = 1024
SALT_BYTES = 16
STEP_S = 30
"""Seconds one code of the second factor lives; one step before and after is accepted too."""
DUMMY = (
    "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA"
    "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)
"""A digest nothing matches: unknown accounts cost the same work as known ones."""

_TIME, _MEMORY_KIB, _LANES, _BYTES = 3, 64 * 1024, 4, 32
_SEQUENCES = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertzuiopasdfghjklyxcvbnm",
    "qwertyuiopasdfghjklzxcvbnm",
    "йцукенгшщзхъфывапролджэячсмитьбю",
)
_STEMS = (
    "password",
    "passwort",
    "heslo",
    "haslo",
    "parol",
    "пароль",
    "welcome",
    "letmein",
    "admin",
    "polyphony",
    "iloveyou",
    "football",
    "dragon",
    "monkey",
    "sunshine",
    "princess",
    "secret",
)


def check(password: str, *about: str) -> None:
    """Refuse a password that is too short or easily guessed; ``about``: the person's own words.

    Raises Invalid with code password.too_short, too_long, or too_common.
    """
    if len(password) < LENGTH_MIN:
        raise Invalid("password.too_short", {"min": LENGTH_MIN})
    if len(password) > LENGTH_MAX:
        raise Invalid("password.too_long", {"max": LENGTH_MAX})
    if _guessable(password.casefold(), about):
        raise Invalid("password.too_common")


def _guessable(password: str, about: tuple[str, ...]) -> bool:
    if len(set(password)) < 4:
        return True
    own = [word.casefold() for text in about for word in text.replace("@", " ").split()]
    rest = password
    for stem in sorted({*_STEMS, *(word for word in own if len(word) > 2)}, key=len, reverse=True):
        rest = rest.replace(stem, "")
    rest = rest.strip("0123456789!?.,-_*#$@ ")
    if len(rest) < 3:
        return True
    return any(rest in line or rest in line[::-1] for line in _SEQUENCES)


def digest(password: str, salt: bytes) -> str:
    """Return the argon2id digest (64 MiB, 3 passes, 4 lanes); takes about a tenth of a second."""
    return hash_secret(
        password.encode(), salt, _TIME, _MEMORY_KIB, _LANES, _BYTES, Type.ID
    ).decode()


def digest_of_secret(secret: str, salt: bytes) -> str:
    """Return the digest of a word a machine drew from 128 bits or more; ``matches`` reads it.

    Stretching makes guessing dear; nobody guesses such a word, so one pass over 8 KiB is enough.
    """
    return hash_secret(secret.encode(), salt, 1, 8, 1, _BYTES, Type.ID).decode()


def matches(stored: str | None, password: str) -> bool:
    """Tell whether a password fits its digest; no digest costs the same work and never fits."""
    try:
        fits = verify_secret((stored or DUMMY).encode(), password[:LENGTH_MAX].encode(), Type.ID)
    except (VerificationError, InvalidHashError):
        return False
    return fits and stored is not None


def code_at(secret: bytes, step: int) -> str:
    """Return the six digits of one time step (HMAC-SHA1, as authenticator apps do it)."""
    mac = hmac.new(secret, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = mac[-1] & 0x0F
    number = struct.unpack(">I", mac[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def step_of(secret: bytes, code: str, epoch_s: int, used: int | None) -> int | None:
    """Return the time step a code belongs to, or None; a step at or before ``used`` is spent."""
    now = epoch_s // STEP_S
    given = code.replace(" ", "").encode("utf-8", "replace")
    found = None
    for step in (now - 1, now, now + 1):
        right = hmac.compare_digest(code_at(secret, step).encode(), given)
        if right and (used is None or step > used):
            found = step
    return found


def totp_uri(secret: bytes, account: str, issuer: str = "Polyphony") -> str:
    """Return the otpauth address an authenticator app reads from a picture."""
    label = quote(f"{issuer}:{account}")
    return f"otpauth://totp/{label}?secret={base32(secret)}&issuer={quote(issuer)}"


def base32(secret: bytes) -> str:
    """Return the secret as people type it."""
    return base64.b32encode(secret).decode().rstrip("=")
