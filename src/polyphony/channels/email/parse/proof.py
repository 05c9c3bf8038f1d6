"""What our own mail server says about the sender: DKIM or DMARC that fits the From."""

import re
from collections.abc import Iterable, Sequence

_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"^\s*(dkim|dmarc)\s*=\s*pass\b(.*)$", re.IGNORECASE | re.DOTALL)
_DOMAIN = re.compile(
    r"header\.(?:d|i|from)\s*=\s*\"?(?:[^\s;@\"]*@)?([A-Za-z0-9.-]+)", re.IGNORECASE
)


def aligned(
    headers: Iterable[tuple[str, bytes]], authserv_id: str, sender: str, defects: Sequence[str]
) -> str:
    """Return `dmarc` or `dkim` when our server's topmost verdict proves the From, else "".

    Verdicts of other servers are ignored: anybody can write them. So is a mail of several authors.
    """
    domain = sender.rpartition("@")[2].lower()
    if not authserv_id or not domain or "several_from" in defects:
        return ""
    verdict = _ours(headers, authserv_id.lower())
    for piece in verdict.split(";"):
        found = _RESULT.match(piece)
        if found is None:
            continue
        signer = _DOMAIN.search(found.group(2))
        if signer is not None and _fits(signer.group(1).lower().rstrip("."), domain):
            return found.group(1).lower()
    return ""


def _ours(headers: Iterable[tuple[str, bytes]], authserv_id: str) -> str:
    """The first verdict that carries our name; below it anything may be forged."""
    for name, value in headers:
        if name != "authentication-results":
            continue
        text = _COMMENT.sub(" ", value[:10_000].decode("latin-1"))
        server, _, rest = text.partition(";")
        if (server.split() or [""])[0].lower() == authserv_id:
            return rest
    return ""


def _fits(signer: str, domain: str) -> bool:
    """Relaxed alignment: the same domain, or the author's is below the signer's."""
    return "." in signer and (domain == signer or domain.endswith("." + signer))
