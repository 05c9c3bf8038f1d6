"""Mail domain: whether the DNS of a mailbox lets its mail in and out: MX, SPF, DKIM, DMARC."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SELECTORS = (
    *("default", "dkim", "mail", "selector1", "selector2", "google", "s1", "s2", "k1", "k2"),
    *("smtp", "key1", "mandrill", "fm1", "zoho", "protonmail"),
)
"""Names under which senders usually keep their DKIM keys; nobody can list those of a domain."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One step of the check: good, warn, bad, or unknown when nobody answered."""

    step: str
    state: str
    code: str
    detail: str = ""


def domain_of(address: str) -> str:
    """Return the domain of an address, in ASCII; empty when it has none."""
    found = address.rpartition("@")[2].strip().rstrip(".").lower()
    try:
        return found.encode("idna").decode() if found else ""
    except UnicodeError:
        return ""


def exchangers(records: Sequence[str]) -> Finding:
    """Judge MX: somebody takes mail for the domain; "." means nobody does."""
    hosts = sorted(record.split() for record in records if len(record.split()) == 2)
    names = [host.rstrip(".") for _, host in hosts]
    if not records:
        return Finding("mx", "warn", "mx_none")
    if not any(names):
        return Finding("mx", "bad", "mx_refuses")
    return Finding("mx", "good", "mx", ", ".join(name for name in names if name)[:300])


def spf(records: Sequence[str]) -> Finding:
    """Judge SPF: exactly one record, and it does not let everybody send."""
    found = [one for one in records if one.lower().split(" ")[0] == "v=spf1"]
    if not found:
        return Finding("spf", "bad", "spf_none")
    if len(found) > 1:
        return Finding("spf", "bad", "spf_twice", str(len(found)))
    terms = found[0].lower().split()
    if "+all" in terms or "all" in terms:
        return Finding("spf", "bad", "spf_everybody", found[0][:300])
    closed = {"-all", "~all"} & set(terms) or any(one.startswith("redirect=") for one in terms)
    return Finding(
        "spf", "good" if closed else "warn", "spf" if closed else "spf_open", found[0][:300]
    )


def dkim(found: Mapping[str, Sequence[str]]) -> Finding:
    """Judge DKIM keys by selector: one that is not revoked is enough."""
    living: list[str] = []
    revoked: list[str] = []
    for selector, records in found.items():
        for record in records:
            tags = _tags(record)
            if "p" in tags and tags.get("v", "DKIM1").upper() == "DKIM1":
                (living if tags["p"] else revoked).append(selector)
    if living:
        return Finding("dkim", "good", "dkim", ", ".join(sorted(set(living))))
    if revoked:
        return Finding("dkim", "bad", "dkim_revoked", ", ".join(sorted(set(revoked))))
    return Finding("dkim", "warn", "dkim_none")


def dmarc(records: Sequence[str]) -> Finding:
    """Judge DMARC: one policy, and it asks for more than watching."""
    found = [one for one in records if one.replace(" ", "").upper().startswith("V=DMARC1")]
    if not found:
        return Finding("dmarc", "warn", "dmarc_none")
    policy = _tags(found[0]).get("p", "").lower()
    if len(found) > 1 or policy not in ("none", "quarantine", "reject"):
        return Finding("dmarc", "bad", "dmarc_wrong", found[0][:300])
    if policy == "none":
        return Finding("dmarc", "warn", "dmarc_watches", found[0][:300])
    return Finding("dmarc", "good", "dmarc", found[0][:300])


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, equals, value in pairs if equals}
