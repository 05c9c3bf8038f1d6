"""Mail addresses as keys to compare, never to send to."""

import re
import unicodedata

import idna

_SHAPE = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]{3,253}")
_GOOGLE = frozenset({"gmail.com", "googlemail.com"})


def mail_key(address: str) -> str | None:
    """Return the key of an address; None for what is none.

    NFKC, small letters, IDNA domain, the tag behind a plus dropped; dots dropped and one domain
    for Google's mailboxes.
    """
    plain = unicodedata.normalize("NFKC", address).strip().casefold()
    if not _SHAPE.fullmatch(plain):
        return None
    local, _, domain = plain.rpartition("@")
    host = _host(domain.rstrip("."))
    local = local.partition("+")[0]
    if host in _GOOGLE:
        local, host = local.replace(".", ""), "gmail.com"
    return f"{local}@{host}" if local and host else None


def local_part(key: str) -> str:
    """Return what stands before the @ of a key."""
    return key.rpartition("@")[0]


def _host(domain: str) -> str | None:
    if "." not in domain:
        return None
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return None
