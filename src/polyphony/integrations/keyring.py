"""The key ring in a file: signs tokens, seals secrets, rotates without a stop."""

import base64
import hmac
import json
import os
import secrets
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from polyphony.domain.errors import Invalid

_FORMAT = b"\x01"
_NONCE = 12
_ID = 4  # bytes of a key's id inside a sealed value
_SHORTEST_MAC = 16


class KeysRefused(Exception):
    """The key file is missing, open to others, or damaged; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Key:
    """One secret with its id and dates; a retired one no longer verifies or opens anything."""

    id: str
    secret: bytes
    made_at: str
    retired_at: str | None = None


class FileKeyRing:
    """``ports.KeyRing`` over keys in memory; the newest signs, all living ones verify."""

    def __init__(self, deployment: str, keys: Sequence[Key]) -> None:
        """Take the keys, oldest first; raise KeysRefused when none is alive."""
        self._deployment = deployment
        self._keys = [key for key in keys if key.retired_at is None]
        if not self._keys:
            raise KeysRefused("the key ring holds no living key")
        self._derived: dict[tuple[str, str], bytes] = {}

    @property
    def deployment(self) -> str:
        """Name of this deployment; part of every signed token."""
        return self._deployment

    def mac(self, purpose: str, text: str) -> bytes:
        """Return the 32-byte MAC of the text for one purpose under the newest key."""
        return self._mac(self._keys[-1], purpose, text)

    def checks(self, purpose: str, text: str, mac: bytes) -> bool:
        """Tell in constant time whether a MAC (or a prefix of ≥ 16 bytes) is of a living key."""
        if len(mac) < _SHORTEST_MAC:
            return False
        found = False
        for key in self._keys:
            found |= hmac.compare_digest(self._mac(key, purpose, text)[: len(mac)], mac)
        return found

    def seal(self, text: str, about: str) -> bytes:
        """Encrypt with AES-256-GCM; ``about`` is bound as associated data."""
        key = self._keys[-1]
        nonce = secrets.token_bytes(_NONCE)
        closed = AESGCM(self._key(key, "seal")).encrypt(nonce, text.encode(), about.encode())
        return _FORMAT + bytes.fromhex(key.id) + nonce + closed

    def unseal(self, sealed: bytes, about: str) -> str:
        """Decrypt; raise Invalid when it is not ours or was moved to another row."""
        head = len(_FORMAT) + _ID
        key_id = sealed[len(_FORMAT) : head].hex()
        key = next((key for key in self._keys if key.id == key_id), None)
        if not sealed.startswith(_FORMAT) or key is None or len(sealed) < head + _NONCE:
            raise Invalid("secret.unreadable")
        nonce, closed = sealed[head : head + _NONCE], sealed[head + _NONCE :]
        try:
            return AESGCM(self._key(key, "seal")).decrypt(nonce, closed, about.encode()).decode()
        except InvalidTag as broken:
            raise Invalid("secret.unreadable") from broken

    def _mac(self, key: Key, purpose: str, text: str) -> bytes:
        return hmac.digest(self._key(key, f"mac:{purpose}"), text.encode(), "sha256")

    def _key(self, key: Key, use: str) -> bytes:
        known = self._derived.get((key.id, use))
        if known is None:
            known = HKDF(SHA256(), 32, None, f"polyphony:{use}".encode()).derive(key.secret)
            self._derived[(key.id, use)] = known
        return known


def load(path: Path) -> FileKeyRing:
    """Read the ring; raise KeysRefused when it is missing, damaged or readable by others."""
    deployment, keys = _read(path)
    return FileKeyRing(deployment, keys)


def create(path: Path, at: datetime) -> FileKeyRing:
    """Make a ring with one key unless there is one; return it."""
    if not path.exists():
        _write(path, secrets.token_hex(8), [_fresh(at)])
    return load(path)


def rotate(path: Path, at: datetime) -> str:
    """Add a key that signs from the next start on; the older ones go on verifying."""
    deployment, keys = _read(path)
    fresh = _fresh(at)
    _write(path, deployment, [*keys, fresh])
    return fresh.id


def _fresh(at: datetime) -> Key:
    return Key(secrets.token_hex(_ID), secrets.token_bytes(32), at.isoformat())


def _read(path: Path) -> tuple[str, list[Key]]:
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise KeysRefused(f"cannot read the key ring {path}: {error.strerror}") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeysRefused(f"{path} is open to other accounts: chmod 600 {path}")
    try:
        kept = json.loads(text)
        keys = [
            Key(
                entry["id"],
                base64.b64decode(entry["secret"], validate=True),
                entry["made_at"],
                entry.get("retired_at"),
            )
            for entry in kept["keys"]
        ]
        return str(kept["deployment"]), keys
    except (ValueError, KeyError, TypeError) as error:
        raise KeysRefused(f"the key ring {path} is damaged; restore it from a backup") from error


def _write(path: Path, deployment: str, keys: Sequence[Key]) -> None:
    body = {
        "deployment": deployment,
        "keys": [
            {
                "id": key.id,
                "secret": base64.b64encode(key.secret).decode(),
                "made_at": key.made_at,
                "retired_at": key.retired_at,
            }
            for key in keys
        ],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(body, stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    aside.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
