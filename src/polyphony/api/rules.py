"""Rules: the set in force, its versions, its faults, and the bench on which it is tried."""

import base64
import binascii
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from polyphony.api.configuration import RulesIn
from polyphony.api.counter import BARE, RULES, Counter
from polyphony.api.desk import Call, In, Now, answer
from polyphony.domain.channel import ChannelKind
from polyphony.domain.errors import Invalid, NotFound
from polyphony.domain.failure import Unreadable
from polyphony.domain.language import recognise
from polyphony.domain.message import Inbound
from polyphony.domain.rule import RuleSet, compile_rules, refuse_unknown
from polyphony.domain.rule_text import Facts
from polyphony.flows import try_out
from polyphony.flows.receive.take import as_port
from polyphony.ports import Raw
from polyphony.store import accounts, identities, rules
from polyphony.store.accounts import AccountRow
from polyphony.store.identities import Known

router = APIRouter(prefix="/v1", route_class=Counter, tags=["configuration"])

RAW_MAX = 700_000
Lines = list[dict[str, object]]


class VersionsIn(In):
    """Which versions."""

    before: int | None = Field(None, ge=1)
    limit: int = Field(20, ge=1, le=50)


class BenchIn(In):
    """A message to try: as text, or as the bytes of a mail (base64); ``rules`` = an unsaved set."""

    account_id: UUID
    address: str = Field("", max_length=320)
    subject: str = Field("", max_length=1000)
    text: str = Field("", max_length=100_000)
    raw: str | None = Field(None, max_length=RAW_MAX)
    tier: Literal["standard", "priority", "vip"] | None = None
    rules: Lines | None = Field(None, max_length=500)


@router.get("/rules/versions", name="rules.versions", openapi_extra=RULES)
async def versions(call: Now, asked: Annotated[VersionsIn, Query()]) -> Response:
    """Return the versions of the rule set with their lines, newest first."""
    found = await rules.versions(call.session, asked.before, asked.limit + 1)
    page = found[: asked.limit]
    following = page[-1].version if len(found) > asked.limit else None
    return answer({"items": page, "next_before": following})


@router.post("/rules/check", name="rules.check", openapi_extra=RULES)
async def check(call: Now, body: RulesIn) -> Response:
    """Tell everything that is wrong with a rule set, each fault at its line and column."""
    return answer({"faults": await try_out.faults(call.session, body.rules)})


@router.post("/rules/bench", name="rules.bench", openapi_extra=RULES | BARE)
async def bench(call: Now, body: BenchIn) -> Response:
    """Tell what would happen to a message: rules, Queue, needs, target, agents; nothing is kept."""
    account = (await accounts.by_ids(call.session, [body.account_id])).get(body.account_id)
    if account is None:
        raise NotFound("account")
    chosen = await _rules(call, body.rules)
    inbound = await _read(call, account, body.raw) if body.raw is not None else None
    sender = await _sender(call, account, inbound.sender.value if inbound else body.address)
    facts = _facts(account, sender, body, inbound)
    wish = try_out.Wish(facts, account, call.key(), call.at)
    told = await try_out.message(call.session, wish, chosen)
    told["message"] = {
        "address": inbound.sender.value if inbound else body.address,
        "name": (inbound.sender_name if inbound else "") or facts.customer_name,
        "known": facts.customer_known,
        "tier": facts.customer_tier,
        "language": facts.language,
        "subject": facts.subject,
        "text": facts.text[:2000],
        "automated": facts.automated,
    }
    return answer(told)


@router.post("/rules/dry_run", name="rules.dry_run", openapi_extra=RULES)
async def dry_run(call: Now, body: RulesIn) -> Response:
    """Tell how many Cases of the last 7 days would have gone elsewhere with these rules."""
    draft = await _rules(call, body.rules)
    now = await rules.current(call.session)
    return answer(await try_out.past(call.session, call.scope, (now, draft), call.at))


async def _rules(call: Call, lines: Lines | None) -> RuleSet:
    if lines is None:
        return await rules.current(call.session)
    refuse_unknown(lines)
    return compile_rules(0, lines)


async def _read(call: Call, account: AccountRow, raw: str) -> Inbound:
    """Read a mail as the worker reads it, in a child under limits; nothing of it is kept."""
    if account.kind != ChannelKind.EMAIL.value:
        raise Invalid("rule.mail_wanted", {"kind": account.kind})
    try:
        body = base64.b64decode(raw, validate=True)
    except (binascii.Error, ValueError) as broken:
        raise Invalid("rule.mail_unreadable") from broken
    ours = await accounts.our_addresses(call.session)
    await call.session.commit()  # reading a mail must not hold a transaction
    found = await call.desk.outside.reader.read(
        [Raw(call.key(), as_port(account), "bench", body, call.at, ours)]
    )
    events = () if isinstance(found[0], Unreadable) else found[0]
    inbound = next((one for one in events if isinstance(one, Inbound)), None)
    if inbound is None:
        why = found[0].code if isinstance(found[0], Unreadable) else "no_message"
        raise Invalid("rule.mail_unreadable", {"why": why})
    return inbound


async def _sender(call: Call, account: AccountRow, address: str) -> Known | None:
    if account.kind != ChannelKind.EMAIL.value or not address:
        return None
    key = ("email", "", address.strip().lower())
    return (await identities.find(call.session, [key])).get(key)


def _facts(
    account: AccountRow, sender: Known | None, body: BenchIn, inbound: Inbound | None
) -> Facts:
    subject = inbound.subject if inbound else body.subject
    text = inbound.text if inbound else body.text
    language = inbound.language if inbound else recognise(f"{subject}\n{text}")
    return Facts(
        channel=account.kind,
        account_id=account.id,
        account_name=account.name,
        account_address=account.address,
        account_language=account.language,
        customer_tier=body.tier or (sender.tier if sender else "standard"),
        customer_language=(sender.language if sender else language) or "",
        customer_known=sender is not None,
        customer_name=sender.name if sender else (inbound.sender_name if inbound else ""),
        language=language or "",
        subject=subject,
        text=text,
        automated=inbound.automated.value if inbound else "no",
    )
