"""Wraps bytes with a passphrase: scrypt makes the key, AES-256-GCM closes the envelope."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

_FORMAT = b"polyphony-envelope-1\n"
_SALT, _NONCE = 16, 12
_COST = {"n": 2**15, "r": 8, "p": 1}  # 32 MiB and about 0.1 s a try


class WrongPassphrase(Exception):
    """The passphrase is another one, or the envelope was changed."""


def close(body: bytes, passphrase: str) -> bytes:
    """Wrap the bytes; raise ValueError when the passphrase has less than 10 characters."""
    if len(passphrase) < 10:
        raise ValueError("a passphrase has at least 10 characters")
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    closed = AESGCM(_key(passphrase, salt)).encrypt(nonce, body, _FORMAT)
    return _FORMAT + salt + nonce + closed


def open_(envelope: bytes, passphrase: str) -> bytes:
    """Unwrap; raise WrongPassphrase."""
    rest = envelope.removeprefix(_FORMAT)
    salt, nonce, closed = rest[:_SALT], rest[_SALT : _SALT + _NONCE], rest[_SALT + _NONCE :]
    try:
        return AESGCM(_key(passphrase, salt)).decrypt(nonce, closed, _FORMAT)
    except (InvalidTag, ValueError) as broken:
        raise WrongPassphrase("the passphrase does not open the key ring") from broken


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, **_COST).derive(passphrase.encode())
