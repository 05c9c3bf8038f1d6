"""Vouch: check who a chat visitor says he is, by signed token, by MAC of his id, or not at all."""

import binascii
import hashlib
import hmac
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey, RSAKey

from polyphony.domain import chat
from polyphony.domain.errors import NotAuthenticated

_TOKEN_MAX = 8_192


@dataclass(frozen=True, slots=True)
class Lock:
    """What an account demands and with which keys it checks; keys are empty when not set."""

    audience: str
    enforce: chat.Enforce
    trusts_email: bool = False
    secret: str = ""
    public_key: str = ""

    def algorithms(self) -> tuple[str, ...]:
        """Return the algorithms this account can check."""
        return tuple(
            name for name, key in (("HS256", self.secret), ("RS256", self.public_key)) if key
        )


def lock_of(audience: str, settings: Mapping[str, object], secrets: Mapping[str, str]) -> Lock:
    """Read the lock from the settings of an account; an unknown word locks everybody out."""
    try:
        enforce = chat.Enforce(str(settings.get("enforce") or chat.Enforce.OFF))
    except ValueError:
        enforce = chat.Enforce.ALL
    return Lock(
        audience=audience,
        enforce=enforce,
        trusts_email=settings.get("trust_email") is True,
        secret=secrets.get("hmac_secret", ""),
        public_key=str(settings.get("public_key") or ""),
    )


def vouch(lock: Lock, token: object, user: object, at: datetime) -> chat.Visitor:
    """Say who the visitor is; raise NotAuthenticated for a wrong proof, or for none when demanded.

    A wrong proof is never taken for no proof: it is refused whatever the account enforces.
    """
    if token not in (None, ""):
        return by_token(lock, token, at)
    if user in (None, {}):
        visitor = chat.Visitor("", chat.How.ANONYMOUS, 0)
        chat.admit(visitor, lock.enforce, named=False)
        return visitor
    if not isinstance(user, Mapping):
        raise NotAuthenticated("chat.user")
    given = chat.mac_of(user)
    if given is not None:
        _check_mac(lock, user, given)
    visitor = chat.identified(user, proved=given is not None)
    chat.admit(visitor, lock.enforce, named=user.get("id") not in (None, ""))
    return visitor


def by_token(lock: Lock, token: object, at: datetime) -> chat.Visitor:
    """Check signature and claims of a token; raise NotAuthenticated with the reason."""
    if not isinstance(token, str) or not token.isascii() or len(token) > _TOKEN_MAX:
        raise NotAuthenticated("chat.token_malformed")
    algorithm = chat.algorithm(_header(token), lock.algorithms())
    try:
        key = (
            OctKey.import_key(lock.secret)
            if algorithm == "HS256"
            else RSAKey.import_key(lock.public_key)
        )
        found = jwt.decode(token, key, algorithms=[algorithm])
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise NotAuthenticated("chat.token_signature") from error
    return chat.visitor_of(found.claims, lock.audience, at, trusts_email=lock.trusts_email)


def _check_mac(lock: Lock, user: Mapping[str, object], given: str) -> None:
    subject = user.get("id")
    if not lock.secret or not isinstance(subject, str) or not subject:
        raise NotAuthenticated("chat.user_hash")
    try:
        text = subject.encode()
    except UnicodeEncodeError:
        raise NotAuthenticated("chat.user_id") from None
    right = hmac.new(lock.secret.encode(), text, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(right, given):
        raise NotAuthenticated("chat.user_hash")


def _header(token: str) -> Mapping[str, object]:
    parts = token.split(".")
    if len(parts) != 3:
        raise NotAuthenticated("chat.token_malformed")
    try:
        header = orjson.loads(urlsafe_b64decode(parts[0] + "=" * (-len(parts[0]) % 4)))
    except (binascii.Error, ValueError):
        raise NotAuthenticated("chat.token_malformed") from None
    if not isinstance(header, dict):
        raise NotAuthenticated("chat.token_malformed")
    return header
