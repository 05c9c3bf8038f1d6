"""Configure: change people, departments, queues, skills, accounts, rules; everybody hears of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from polyphony.domain.errors import Conflict, Invalid, NotFound
from polyphony.domain.event import Actor, NewEvent, Op
from polyphony.domain.ids import QueueId
from polyphony.domain.rule import RuleSet, compile_rules, refuse_unknown, resolve_queue
from polyphony.domain.rule_text import Facts
from polyphony.domain.service_hours import service_hours
from polyphony.flows import set_up_queue
from polyphony.flows.announce import announce
from polyphony.ports import KeyRing
from polyphony.store import changes, configuration, deliveries, events, staff, wake
from polyphony.store.configuration import ACCOUNT, CALENDAR, DEPARTMENT, QUEUE, Noun
from polyphony.store.database import Session

Json = dict[str, object]


class MovedOn(Conflict):
    """Somebody else changed it since; ``facts['current']`` is the present state."""

    def __init__(self, current: Json) -> None:
        super().__init__("precondition.failed", {"current": current})


async def add(
    session: Session,
    noun: Noun,
    id_: UUID,
    values: Mapping[str, object],
    actor: Actor,
    *,
    how: str = "edit",
) -> Json:
    """Add one thing; raise Conflict when its name is taken, Invalid when it refers to nothing.

    ``how`` it came stands in the history: edit, import or revert.
    """
    if noun is QUEUE:
        await set_up_queue.check(session, id_, values)
    await configuration.add(session, noun, id_, values)
    now = await _told(session, noun, id_, actor)
    await changes.record(session, noun.name, id_, (None, now), actor.id, how)
    return now


async def change(  # noqa: PLR0913 - a thing, its words and version, who and how
    session: Session,
    noun: Noun,
    id_: UUID,
    values: Mapping[str, object],
    version: int | None,
    actor: Actor,
    *,
    how: str = "edit",
) -> Json:
    """Change one thing; raise NotFound, or MovedOn when the version is old."""
    before = await configuration.one(session, noun, id_)
    if before is None:
        raise NotFound(noun.name)
    if noun is QUEUE:
        await set_up_queue.check(session, id_, values)
    if not await configuration.change(session, noun, id_, values, version):
        raise MovedOn(before)
    if (
        noun is DEPARTMENT
        and values.get("visibility", before["visibility"]) != before["visibility"]
    ):
        await tell_rights(session, await configuration.everybody(session), actor)
    now = await _told(session, noun, id_, actor)
    await changes.record(session, noun.name, id_, (before, now), actor.id, how)
    return now


async def remove(
    session: Session,
    noun: Noun,
    id_: UUID,
    version: int | None,
    actor: Actor,
    *,
    how: str = "edit",
) -> None:
    """Remove one thing; raise NotFound, MovedOn, or Conflict while something refers to it."""
    before = await configuration.one(session, noun, id_)
    if before is None:
        raise NotFound(noun.name)
    if not await configuration.remove(session, noun, id_, version):
        raise MovedOn(before)
    await changes.record(session, noun.name, id_, (before, None), actor.id, how)
    gone_at = int(str(before["version"])) + 1
    told = NewEvent(
        f"{noun.name}.removed", Op.GONE, noun.name, id_, gone_at, ["all"],
        actor_kind=actor.kind, actor_id=actor.id, cid=actor.cid,
    )  # fmt: skip
    await events.append(session, [told])
    wake.mark(session, "config")


async def _told(session: Session, noun: Noun, id_: UUID, actor: Actor) -> Json:
    now = await configuration.one(session, noun, id_)
    if now is None:  # pragma: no cover - it was just written
        raise NotFound(noun.name)
    version = now["version"]
    payload = None
    if noun is ACCOUNT:
        names = ("id", "version", "kind", "name", "address", "state", "health")
        payload = {name: now[name] for name in names}
    await events.append(
        session,
        [
            NewEvent(
                f"{noun.name}.changed",
                Op.TOUCH if payload is None else Op.UPSERT,
                noun.name,
                id_,
                version if isinstance(version, int) else None,
                ["all"],
                actor_kind=actor.kind,
                actor_id=actor.id,
                cid=actor.cid,
                payload=payload,
            )
        ],
    )
    wake.mark(session, "config")
    return now


async def tell_rights(session: Session, people: Sequence[UUID], actor: Actor) -> None:
    """Say that the rights of people changed: their lines are recomputed before anything else."""
    await events.append(
        session,
        [
            NewEvent(
                "person.grants_changed",
                Op.FACT,
                "person",
                one,
                None,
                [f"person:{one}"],
                actor_kind=actor.kind,
                actor_id=actor.id,
            )
            for one in people
        ],
    )
    wake.mark(session, "config")


async def tell_person(
    session: Session, person: UUID, actor: Actor, before: Json | None = None
) -> Json:
    """Say that a person changed, and his rights with it; return him.

    ``before`` is what he was: the difference goes into the history.
    """
    now = await staff.one(session, person)
    version = now["version"]
    told = NewEvent(
        "person.changed",
        Op.TOUCH,
        "person",
        person,
        version if isinstance(version, int) else None,
        ["all"],
        actor_kind=actor.kind,
        actor_id=actor.id,
    )
    await events.append(session, [told])
    await tell_rights(session, [person], actor)
    if before is not None:
        await changes.record(session, "person", person, (before, now), actor.id)
    return now


async def add_department(
    session: Session, ids: Sequence[UUID], values: Json, actor: Actor, *, how: str = "edit"
) -> Json:
    """Add a department with its triage queue, and hours round the clock unless some are named.

    ``ids``: new keys for department, queue and calendar. Who adds it becomes its first member.
    """
    id_, queue, calendar = ids
    if values.get("calendar_id") is None:
        hours = {"name": str(values["name"]), "always": True}
        await configuration.add(session, CALENDAR, calendar, hours)
        values = {**values, "calendar_id": calendar}
    await configuration.add(session, DEPARTMENT, id_, values)
    triage = {"department_id": id_, "name": "Triage"}
    await configuration.add(session, QUEUE, queue, triage)
    await configuration.change(session, DEPARTMENT, id_, {"triage_queue": queue}, None)
    if actor.id is not None:
        await staff.join(session, actor.id, id_, queue)
    await tell_rights(session, await configuration.everybody(session), actor)
    now = await _told(session, DEPARTMENT, id_, actor)
    await changes.record(session, DEPARTMENT.name, id_, (None, now), actor.id, how)
    return now


async def set_rules(
    session: Session,
    lines: Sequence[Mapping[str, object]],
    expected: int,
    actor: Actor,
    *,
    how: str = "edit",
) -> int:
    """Put a new rule set in force; raise Invalid when a line is wrong, MovedOn when too late."""
    refuse_unknown(lines)
    compile_rules(expected + 1, lines)
    _, before = await configuration.rules(session)
    version = await configuration.add_rules(session, lines, actor.id, expected)
    if version is None:
        now, present = await configuration.rules(session)
        raise MovedOn({"version": now, "rules": present})
    states = ({"name": "rules", "rules": before}, {"name": "rules", "rules": list(lines)})
    await changes.record(session, "rules", None, states, actor.id, how)
    told = NewEvent(
        "rule.changed",
        Op.TOUCH,
        "rule",
        UUID(int=version),
        version,
        ["admin"],
        actor_kind=actor.kind,
        actor_id=actor.id,
    )
    await events.append(session, [told])
    wake.mark(session, "config")
    return version


async def set_pace(
    session: Session, account: UUID, settings: Mapping[str, object], at: datetime
) -> None:
    """Let an account send as fast as its setting ``per_minute`` says; without it, unlimited.

    Ten seconds' worth may leave at once.
    """
    per_minute = settings.get("per_minute")
    if isinstance(per_minute, int) and per_minute > 0:
        burst = max(1.0, per_minute / 6)
        await deliveries.set_rate(session, account, per_minute / 60, burst, at)
    else:
        await deliveries.drop_rate(session, account)


async def set_secrets(
    session: Session, account: UUID, given: Mapping[str, str | None], keys: KeyRing
) -> list[str]:
    """Merge given secrets into the sealed ones (None removes one); return the names set now."""
    about = f"account:{account}"
    sealed = (await configuration.secrets(session)).get(account)
    held: dict[str, str] = orjson.loads(keys.unseal(sealed, about)) if sealed else {}
    held |= {name: word for name, word in given.items() if word}
    for name, word in given.items():
        if not word:
            held.pop(name, None)
    whole = keys.seal(orjson.dumps(held).decode(), about)
    await configuration.set_secrets(session, account, whole)
    return sorted(held)


async def secrets_set(session: Session, keys: KeyRing) -> dict[UUID, list[str]]:
    """Return the names of the secrets of each account, never their words."""
    sealed = await configuration.secrets(session)
    return {
        id_: sorted(orjson.loads(keys.unseal(held, f"account:{id_}")))
        for id_, held in sealed.items()
    }


def check_hours(values: Mapping[str, Any]) -> None:
    """Refuse working hours nobody can compute: unknown zone, frames that are none."""
    try:
        service_hours(
            str(values.get("zone", "UTC")),
            always=bool(values.get("always", False)),
            frames=values.get("frames") or {},
            exceptions=values.get("exceptions") or {},
            country=values.get("country"),
            imported=values.get("imported") or (),
        )
    except (ValueError, KeyError, TypeError, IndexError) as wrong:
        raise Invalid("calendar.not_valid") from wrong


async def try_rules(session: Session, rules: RuleSet, given: Mapping[str, object]) -> Json:
    """Tell which queue, requirements, tier and urgency the rules choose for some facts."""
    every = {field.name for field in fields(Facts)}
    unknown = sorted(given.keys() - every)
    if unknown:
        raise Invalid("rule.facts", {"names": unknown[:20], "known": sorted(every)})
    names = every - {"channel", "account_id", "tags"}
    known = {name: given[name] for name in names & given.keys()}
    queues = await configuration.all_of(session, QUEUE)
    if not queues:
        raise NotFound("queue")
    try:
        facts = Facts(
            channel=str(given.get("channel", "email")),
            account_id=UUID(str(given.get("account_id", UUID(int=0)))),
            tags=tuple(str(tag) for tag in _list(given.get("tags"))),
            **known,  # type: ignore[arg-type] # wrong types are refused below
        )
        choice = resolve_queue(facts, rules, None, QueueId(UUID(str(queues[0]["id"]))))
    except (TypeError, ValueError, AttributeError) as wrong:
        raise Invalid("rule.facts") from wrong
    return {
        "queue_id": str(choice.queue) if choice.why["code"] != "triage" else None,
        "requirements": [asdict(need) for need in choice.requirements],
        "tier": choice.tier,
        "urgency": choice.urgency,
        "why": choice.why,
    }


def _list(given: object) -> Sequence[object]:
    return given if isinstance(given, list) else []


async def tell_agent(session: Session, agent: UUID, actor: Actor) -> None:
    """Say that what an agent takes has changed: his load, and the router's picture of him."""
    await announce(session, actor=actor, loads=[agent])
    await tell_person(session, agent, actor)


async def open_secrets(session: Session, account: UUID, keys: KeyRing) -> dict[str, str]:
    """Return the secrets of an account in clear, for a door that needs them now."""
    sealed = (await configuration.secrets(session)).get(account)
    if sealed is None:
        return {}
    held: dict[str, str] = orjson.loads(keys.unseal(sealed, f"account:{account}"))
    return held


async def tell_account(session: Session, account: UUID, actor: Actor) -> Json:
    """Say that an account changed (its health was looked at)."""
    return await _told(session, ACCOUNT, account, actor)
