"""Vet: look at what the DNS says of a mailbox's domain, step by step; nothing is sent."""

import asyncio
from collections.abc import Sequence

from polyphony.domain import mail_domain
from polyphony.domain.mail_domain import SELECTORS, Finding, domain_of
from polyphony.ports import Names

SELECTOR_MAX = 63


async def vet(names: Names, address: str, selector: str = "") -> Sequence[Finding]:
    """Judge MX, SPF, DKIM and DMARC of the domain of an address; ``selector``: its own DKIM key."""
    domain = domain_of(address)
    if "." not in domain:
        return [Finding(step, "unknown", "no_domain") for step in ("mx", "spf", "dkim", "dmarc")]
    return await asyncio.gather(
        _mx(names, domain),
        _spf(names, domain),
        _dkim(names, domain, selector),
        _dmarc(names, domain),
    )


async def _mx(names: Names, domain: str) -> Finding:
    try:
        return mail_domain.exchangers(await names.records(domain, "MX"))
    except OSError:
        return Finding("mx", "unknown", "no_answer")


async def _spf(names: Names, domain: str) -> Finding:
    try:
        return mail_domain.spf(await names.records(domain, "TXT"))
    except OSError:
        return Finding("spf", "unknown", "no_answer")


async def _dkim(names: Names, domain: str, selector: str) -> Finding:
    wanted = [selector[:SELECTOR_MAX]] if selector else list(SELECTORS)

    async def key(one: str) -> tuple[str, ...]:
        return await names.records(f"{one}._domainkey.{domain}", "TXT")

    found = await asyncio.gather(*(key(one) for one in wanted), return_exceptions=True)
    heard = {
        one: records
        for one, records in zip(wanted, found, strict=True)
        if isinstance(records, tuple)
    }
    if not heard:
        return Finding("dkim", "unknown", "no_answer")
    return mail_domain.dkim(heard)


async def _dmarc(names: Names, domain: str) -> Finding:
    """Ask the domain itself, then the domain above it: a policy counts for what is below."""
    try:
        found = await names.records(f"_dmarc.{domain}", "TXT")
        above = domain.partition(".")[2]
        if not found and "." in above:
            found = await names.records(f"_dmarc.{above}", "TXT")
    except OSError:
        return Finding("dmarc", "unknown", "no_answer")
    return mail_domain.dmarc(found)
