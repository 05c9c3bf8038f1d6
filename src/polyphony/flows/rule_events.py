"""Rule events: a set of event rules is checked and put in force; everybody hears of it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from polyphony.domain import event_rule
from polyphony.domain.errors import Invalid
from polyphony.domain.event import Actor, NewEvent, Op
from polyphony.domain.event_rule import EventRule
from polyphony.flows.configure import MovedOn
from polyphony.store import changes, configuration, event_rules, events, wake
from polyphony.store.configuration import QUEUE, SKILL
from polyphony.store.database import Session
from polyphony.store.kinds import CASE_KIND


async def checked(session: Session, lines: Sequence[object]) -> tuple[EventRule, ...]:
    """Read a set; raise Invalid for the first that is wrong or names what nobody has."""
    rules = event_rule.read(lines)
    queues = {UUID(str(one["id"])) for one in await configuration.all_of(session, QUEUE)}
    kinds = {UUID(str(one["id"])) for one in await configuration.all_of(session, CASE_KIND)}
    skills = {str(one["key"]) for one in await configuration.all_of(session, SKILL)}
    for number, one in enumerate(rules, 1):
        for place, action in enumerate(one.do, 1):
            known = {"queue": queues, "kind": kinds}.get(action.do)
            gone = known is not None and action.id is not None and action.id not in known
            strange = action.need is not None and action.need.skill not in skills
            if gone or strange:
                facts = {"number": number, "rule": one.id, "field": "do", "action": place}
                raise Invalid("event_rule.gone", facts)
    return rules


async def set_rules(
    session: Session,
    lines: Sequence[Mapping[str, object]],
    expected: int,
    actor: Actor,
    *,
    how: str = "edit",
) -> int:
    """Put a set in force; raise Invalid when a line is wrong, MovedOn when somebody was faster."""
    kept = event_rule.as_json(await checked(session, list(lines)))
    _, before = await event_rules.lines(session)
    version = await event_rules.add(session, kept, actor.id, expected)
    if version is None:
        now, present = await event_rules.lines(session)
        raise MovedOn({"version": now, "rules": present})
    states = ({"name": "event_rules", "rules": before}, {"name": "event_rules", "rules": kept})
    await changes.record(session, "event_rules", None, states, actor.id, how)
    told = NewEvent(
        "event_rule.changed", Op.TOUCH, "event_rule", UUID(int=version), version, ["admin"],
        actor_kind=actor.kind, actor_id=actor.id, cid=actor.cid,
    )  # fmt: skip
    await events.append(session, [told])
    wake.mark(session, "config")
    return version
