"""Follow rules: a durable reader of the log does what event rules say, each once per event."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

import cel

from polyphony.domain.errors import Refusal
from polyphony.domain.event import Actor
from polyphony.domain.event_rule import ERRORS_MAX, EVENTS, ON, EventRule, Verdict, verdicts
from polyphony.domain.notice import NewNotice, NoticeKind
from polyphony.domain.permission import SYSTEM
from polyphony.flows import notify, walk
from polyphony.flows.obey import Doing, obey
from polyphony.store import event_rules, readers, steps
from polyphony.store.database import Session
from polyphony.store.event_rules import Known, RunRow
from polyphony.store.feed import Cursor
from polyphony.store.readers import Happened

NAME = "event_rules"
PAGE = 50
WROTE = EVENTS["message.received"]
_SPACE = UUID("6f1d3c54-6f0e-4b52-9d0e-6a2f1f6b8d30")


@dataclass(slots=True)
class Turn:
    """One page of the log: the rules in force, the epoch, whoever is to be told."""

    session: Session
    at: datetime
    version: int
    rules: Sequence[EventRule]
    epoch: int
    off: dict[str, str] = field(default_factory=dict)


async def turn(session: Session, at: datetime) -> bool:
    """Read on from the reader's place to the first event that calls for something, and do that.

    The place moves in the same transaction as what the event caused, so nothing is done twice and
    nothing is left out, whichever process dies when; and only one Case is locked at a time. Tells
    whether there may be more; False too while another process reads.
    """
    taken = await readers.take(session, NAME, at)
    if taken is None:
        return False
    version, rules = await event_rules.current(session)
    types = {EVENTS[name] for rule in rules for name in rule.on}
    patient = await steps.anybody_waits(session)
    wanted = sorted(types | {WROTE} if patient else types)
    page, cursor, more = await readers.read(session, taken, wanted, PAGE)
    now = Turn(session, at, version, rules, cursor.epoch)
    known = await event_rules.known(session, sorted({one.case_id for one in page}), at, SYSTEM)
    for one in page:  # one by one: what an event causes is known to the next
        if await _one(now, one, known, patient=patient):
            cursor, more = Cursor(cursor.epoch, one.xid, one.id), True
            break
    await readers.keep(session, NAME, cursor, at)
    await _tell(now)
    return more


async def _one(now: Turn, event: Happened, known: Mapping[UUID, Known], *, patient: bool) -> bool:
    """Do what one event calls for; tell whether it called for anything."""
    case = known.get(event.case_id)
    if case is None:
        return False
    acted = False
    if patient and event.type == WROTE and _by_customer(event):
        acted = await walk.waits(now.session, event.case_id, event.at)
    if acted:
        await _guarded(_answered(now, event))
    context = cel.Context(dict(facts(case, event.type, event.payload)))
    depth = await event_rules.depth_of(now.session, event.cid) + 1
    awake = [one for one in now.rules if one.id not in now.off]
    for verdict in verdicts(awake, ON[event.type], context, depth):
        acted |= await _do(now, event, verdict, depth)
    return acted


def _by_customer(event: Happened) -> bool:
    said = event.payload or {}
    return said.get("kind") == "in" and said.get("automated") in (None, "no", "")


async def _answered(now: Turn, event: Happened) -> None:
    async with now.session.transaction():
        await walk.answered(now.session, event.case_id, now.at, event.at)


async def _guarded(work: Awaitable[None]) -> str:
    """Await something that may fail for its own reasons; return what befell it, "" for nothing."""
    try:
        await work
    except Refusal as refused:
        return refused.code
    except Exception as error:
        if readers.passes(error):
            raise
        return type(error).__name__
    return ""


async def _do(now: Turn, event: Happened, verdict: Verdict, depth: int) -> bool:
    """Do what a rule says of an event, once; False when it did already."""
    rule = verdict.rule
    mark = uuid5(_SPACE, f"{rule.id}\n{now.epoch}\n{event.id}")
    run = RunRow(
        *(rule.id, event.id, now.epoch, now.at, event.case_id, mark, depth, verdict.outcome),
        "condition" if verdict.outcome == "error" else "",
    )
    if not await event_rules.begin(now.session, run):
        return False
    wrong = run.detail
    if verdict.outcome == "done":
        wrong = await _guarded(_obeyed(now, event, rule, mark))
        if wrong:
            await event_rules.failed(now.session, run, wrong)
    if wrong and await event_rules.errors_of(now.session, rule.id, now.version) >= ERRORS_MAX:
        now.off[rule.id] = wrong
    return True


async def _obeyed(now: Turn, event: Happened, rule: EventRule, mark: UUID) -> None:
    actor = Actor("system", cid=mark, name=rule.id)
    async with now.session.transaction():
        await obey(Doing(now.session, event.case_id, rule, actor, now.at))


async def _tell(now: Turn) -> None:
    """Switch off what failed too often, and tell whoever may mend it."""
    for rule, detail in now.off.items():  # one by one: there are few
        if await event_rules.switch_off(now.session, rule, now.version, detail, now.at):
            told = [
                NewNotice(one, NoticeKind.RULE_FAILED, from_name=rule, text=rule)
                for one in await event_rules.keepers(now.session)
            ]
            await notify.notify(now.session, told, now.at)


def facts(case: Known, type_: str, payload: Mapping[str, object] | None) -> Mapping[str, object]:
    """Return what a condition may name: the Case as it is, and what the event itself carries."""
    said = payload or {}
    spoken = type_.startswith("message.")
    return {
        "event": ON[type_],
        "tags": list(case.tags),
        "case": {
            "state": case.state,
            "kind": case.kind,
            "priority": case.priority,
            "language": case.language,
            "complaint": case.complaint,
            "channel": case.channel,
            "title": case.title,
            "department": case.department,
            "owned": case.owned,
            "age_h": case.age_h,
        },
        "customer": {
            "tier": case.tier,
            "language": case.customer_language,
            "known": True,
            "name": case.customer_name,
        },
        "message": {
            "text": str(said.get("text", "")) if spoken else case.text,
            "subject": str(said.get("subject", "")) if spoken else case.subject,
            "automated": str(said.get("automated", "")) if spoken else case.automated,
        },
        "work": {
            "queue": case.work_queue,
            "channel": case.work_channel,
            "state": case.work_state,
            "tier": case.work_tier,
        },
        "step": {
            name: str(said.get(name, "")) if type_.startswith("process.") else ""
            for name in ("key", "title", "state")
        },
    }
