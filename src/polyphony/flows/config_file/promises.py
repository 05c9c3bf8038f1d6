"""Promises: policies, ladders and deadlines of a file; names stand where ids were."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from polyphony.domain.errors import Invalid
from polyphony.flows import configure, keep_promises
from polyphony.flows.config_file import shape
from polyphony.flows.config_file.names import Names
from polyphony.flows.config_file.shelves import Taking, meant, written
from polyphony.store import configuration
from polyphony.store.configuration import DEADLINE, ESCALATION, SLA_POLICY, Noun
from polyphony.store.database import Session

Json = dict[str, Any]
_PLAIN = ("rank", "active", "targets", "pauses", "warn_pct", "on_change")


@dataclass(frozen=True, slots=True)
class Promises:
    """What is written out."""

    escalations: dict[str, shape.Escalation]
    targets: dict[str, shape.Promise]
    deadlines: dict[str, shape.Deadline]


async def promises(session: Session, names: Names) -> Promises:
    """Read policies, ladders and the deadlines somebody wrote down."""
    ladders = await _named(session, "escalations", ESCALATION, names)
    policies = await _named(session, "targets", SLA_POLICY, names)
    laws = await _named(session, "deadlines", DEADLINE, names)
    return Promises(
        {
            name: shape.Escalation(steps=written(one["steps"], names))
            for name, one in ladders.items()
        },
        {name: _policy(one, names) for name, one in policies.items()},
        {name: _law(one, names) for name, one in laws.items()},
    )


async def _named(session: Session, section: str, noun: Noun, names: Names) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for one in await configuration.all_of(session, noun):
        name = str(one[noun.unique])
        names.give(section, one["id"], name)
        found[name] = one
    return dict(sorted(found.items()))


def _policy(row: Json, names: Names) -> shape.Promise:
    return shape.Promise.model_validate(
        {name: row[name] for name in _PLAIN}
        | {
            "scope": written(dict(sorted(row["scope"].items())), names),
            "calendar": names.of("calendars", row["calendar_id"]),
            "escalation": names.of("escalations", row["escalation_id"]),
        }
    )


def _law(row: Json, names: Names) -> shape.Deadline:
    known = shape.Deadline.model_fields
    return shape.Deadline.model_validate(
        {name: value for name, value in row["rule"].items() if name in known}
        | {
            "name": row["name"],
            "unverified": row["unverified"],
            "escalation": names.of("escalations", row["escalation_id"]),
        }
    )


# ── in ──────────────────────────────────────────────────────────────────────────────────────────


async def escalation(take: Taking, name: str, one: shape.Escalation) -> None:
    """Take in a ladder."""
    values = {"steps": meant(one.steps, take.names)}
    await keep_promises.check_ladder(take.session, values)
    await _put(take, ("escalations", ESCALATION, "name"), name, values)


async def target(take: Taking, name: str, one: shape.Promise) -> None:
    """Take in a policy."""
    values = one.model_dump(exclude={"scope", "calendar", "escalation"}) | {
        "scope": meant(one.scope, take.names),
        "calendar_id": _ref(take, "calendars", one.calendar),
        "escalation_id": _ref(take, "escalations", one.escalation),
    }
    keep_promises.check_policy(values)
    await _put(take, ("targets", SLA_POLICY, "name"), name, values)


async def deadline(take: Taking, name: str, one: shape.Deadline) -> None:
    """Take in a deadline of the law."""
    values: Json = {
        "key": name,
        "rule": one.model_dump(exclude={"name", "unverified", "escalation"}),
        "name": one.name,
        "unverified": one.unverified,
        "escalation_id": _ref(take, "escalations", one.escalation),
    }
    keep_promises.check_law(name, values["rule"])
    await _put(take, ("deadlines", DEADLINE, "key"), name, values)


def _ref(take: Taking, section: str, name: str | None) -> str | None:
    if name is None:
        return None
    found = take.names.id_of(section, name)
    if found is None:
        raise Invalid("config.unknown_name", {"name": name})
    return str(found)


async def _put(take: Taking, what: tuple[str, Noun, str], name: str, values: Json) -> None:
    section, noun, called = what
    there = take.names.id_of(section, name)
    if there is None:
        fresh = values | {called: name}
        id_ = take.new(section, name)
        await configure.add(take.session, noun, id_, fresh, take.actor, how="import")
    else:
        await configure.change(take.session, noun, there, values, None, take.actor, how="import")


STEPS: Mapping[str, Any] = {"escalations": escalation, "targets": target, "deadlines": deadline}
"""What takes in the things of which section."""
