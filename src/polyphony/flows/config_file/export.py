"""Export: the configuration as it is now, in the shape of a file, by names instead of ids."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from polyphony.flows.config_file import call_out, shape
from polyphony.flows.config_file.events import event_rules
from polyphony.flows.config_file.kinds import case_kinds
from polyphony.flows.config_file.lines import LINKS, by_names
from polyphony.flows.config_file.names import Names
from polyphony.flows.config_file.plain import DAYS
from polyphony.flows.config_file.promises import Promises, promises
from polyphony.flows.config_file.queue_shape import Queue
from polyphony.flows.config_file.shape import File
from polyphony.flows.config_file.shelves import Shelves, shelves
from polyphony.store import configuration, crew, staff, tuning
from polyphony.store.configuration import (
    ACCOUNT,
    BRAND,
    CALENDAR,
    DEPARTMENT,
    QUEUE,
    SKILL,
    STATUS,
    Noun,
)
from polyphony.store.database import Session

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Present:
    """The configuration as it is: the file it would make, the names, the rows by their names."""

    file: File
    names: Names
    rows: Mapping[str, Mapping[str, Row]]
    rules_version: int


async def present(session: Session) -> Present:
    """Read the whole configuration; people of the pretended world and secrets are left out."""
    names, rows = Names(), {}
    for section, noun in (
        ("calendars", CALENDAR),
        ("skills", SKILL),
        ("statuses", STATUS),
        ("brands", BRAND),
        ("departments", DEPARTMENT),
        ("queues", QUEUE),
        ("accounts", ACCOUNT),
    ):  # one by one: seven kinds
        rows[section] = await _named(session, section, noun, names)
    people = [one for one in await staff.everybody(session) if not one["simulated"]]
    for one in people:
        names.give("people", one["id"], str(one["email"]))
    rows["people"] = {str(one["email"]): one for one in people}
    agents = {str(one["id"]): one for one in await crew.agents(session)}
    version, rules = await configuration.rules(session)
    file = File(
        version=1,
        calendars={name: _calendar(row) for name, row in sorted(rows["calendars"].items())},
        skills={name: _skill(row) for name, row in sorted(rows["skills"].items())},
        statuses=_statuses(rows["statuses"]) or None,
        brands={name: _brand(row) for name, row in sorted(rows["brands"].items())},
        departments={
            name: _department(row, names) for name, row in sorted(rows["departments"].items())
        },
        queues={name: _queue(row, names) for name, row in sorted(rows["queues"].items())},
        accounts={name: _account(row, names) for name, row in sorted(rows["accounts"].items())},
        people={
            name: _person(row, agents.get(str(row["id"])), names)
            for name, row in sorted(rows["people"].items())
        },
        rules=[_rule(one, names) for one in rules],
        **await call_out.sections(session, names),
        **_shelved(await shelves(session, names), await promises(session, names)),
        case_kinds=await case_kinds(session, names) or None,
        event_rules=await event_rules(session, names) or None,
        routing=await _tuning(session),
    )
    return Present(file, names, rows, version)


def _shelved(shelved: Shelves, kept: Promises) -> dict[str, Any]:
    """Sections that are left out while nothing is in them."""
    found = {
        "roles": shelved.roles,
        "snippets": shelved.snippets,
        "macros": shelved.macros,
        "views": shelved.views,
        "escalations": kept.escalations,
        "targets": kept.targets,
        "deadlines": kept.deadlines,
    }
    return {name: one or None for name, one in found.items()}


async def _tuning(session: Session) -> dict[Any, shape.Tuning] | None:
    """What of capacity, score and listening differs from the usual."""
    found = {
        "capacity": (await tuning.kept(session, tuning.CAPACITY)).value,
        "score": (await tuning.kept(session, tuning.SCORE)).value,
        "listening": (await tuning.kept(session, tuning.LISTENING)).value,
    }
    return {name: shape.Tuning.model_validate(own) for name, own in found.items() if own} or None


async def _named(session: Session, section: str, noun: Noun, names: Names) -> dict[str, Row]:
    found: dict[str, Row] = {}
    times: Counter[str] = Counter()
    for row in sorted(await configuration.all_of(session, noun), key=lambda one: str(one["id"])):
        name = _name(section, row, names)
        times[name] += 1
        if times[name] > 1:  # calendars may share a name
            name = f"{name} ({times[name]})"
        names.give(section, row["id"], name)
        found[name] = row
    return found


def _name(section: str, row: Row, names: Names) -> str:
    match section:
        case "skills" | "statuses":
            return str(row["key"])
        case "queues":
            return f"{names.of('departments', row['department_id'])} / {row['name']}"
        case "accounts":
            return f"{row['kind']} {row['address']}"
    return str(row["name"])


def _frames(frames: Sequence[Sequence[str]]) -> list[str]:
    return [f"{begin}-{end}" for begin, end in frames]


def _calendar(row: Row) -> shape.Calendar:
    return shape.Calendar.model_validate(
        {
            "zone": row["zone"],
            "always": row["always"],
            "frames": {
                DAYS[int(day) - 1]: _frames(frames) for day, frames in sorted(row["frames"].items())
            },
            "exceptions": {
                day: _frames(frames) for day, frames in sorted(row["exceptions"].items())
            },
            "holidays": row["country"],
            "worked": sorted(row["worked"]),
            "imported": _sorted(row["imported"]),
        }
    )


def _skill(row: Row) -> shape.Skill:
    return shape.Skill(kind=row["kind"], name=_sorted(row["name"]))


def _statuses(found: Mapping[str, Row]) -> dict[str, shape.Status]:
    """Statuses of the house, and those of the system whose words or reasons it has changed."""
    return {
        name: _status(row)
        for name, row in sorted(found.items())
        if not row["built_in"] or row["version"] > 1
    }


def _status(row: Row) -> shape.Status:
    return shape.Status(
        name=_sorted(row["name"]),
        matrix=_sorted(row["matrix"]),
        reasons=row["reasons"],
        colour=row["colour"],
        place=row["place"],
    )


def _brand(row: Row) -> shape.Brand:
    return shape.Brand(
        colour=row["colour"],
        sender_name=row["sender_name"],
        signature=_sorted(row["signature"]),
        footer=row["footer"],
        logo=shape.Logo(sha256=row["logo_sha256"]) if row["logo_sha256"] else None,
    )


def _sorted(given: Mapping[str, Any]) -> dict[Any, Any]:
    return dict(sorted(given.items()))


def _department(row: Row, names: Names) -> shape.Department:
    triage = names.of("queues", row["triage_queue"]) or f"{row['name']} / Triage"
    return shape.Department(
        calendar=names.of("calendars", row["calendar_id"]) or "",
        visibility=row["visibility"],
        triage=triage.removeprefix(f"{row['name']} / "),
    )


def _queue(row: Row, names: Names) -> Queue:
    plain = Queue.model_fields.keys() - {"calendar", "requirements", *LINKS}
    return Queue.model_validate(
        {name: row[name] for name in plain}
        | {
            "calendar": names.of("calendars", row["calendar_id"]),
            "requirements": row["requirements"],
        }
        | by_names(row, names)
    )


def _account(row: Row, names: Names) -> shape.Account:
    return shape.Account(
        name=row["name"],
        department=names.of("departments", row["department_id"]) or "",
        default_queue=names.of("queues", row["default_queue"]),
        mail_account=names.of("accounts", row["mail_account"]),
        brand=names.of("brands", row["brand_id"]),
        language=row["language"],
        settings=_sorted(row["settings"]),
    )


def _person(row: Row, agent: Row | None, names: Names) -> shape.Person:
    limits: dict[str, list[str]] = {}
    for one in row["role_departments"]:
        name = names.of("departments", one["department_id"])
        limits.setdefault(one["role"], []).extend([name] if name else [])
    roles: dict[Any, Any] = {
        role: sorted(limits[role]) if role in limits else "everywhere"
        for role in sorted(row["roles"])
    }
    return shape.Person(
        name=row["name"],
        language=row["language"],
        zone=row["zone"],
        state=row["state"],
        roles=roles,
        departments=_all("departments", row["departments"], names),
        agent=_agent(agent, names) if agent else None,
    )


def _all(section: str, ids: Iterable[object], names: Names) -> list[str]:
    return sorted(name for id_ in ids if (name := names.of(section, id_)))


def _agent(row: Row, names: Names) -> shape.Agent:
    skills = {names.of("skills", one["skill_id"]): _proficiency(one) for one in row["skills"]}
    queues = {names.of("queues", one["queue_id"]): one["rank"] for one in row["queues"]}
    return shape.Agent.model_validate(
        {
            "department": names.of("departments", row["department_id"]),
            "channels": row["channels"],
            "cap_max": row["cap_max"],
            "skills": dict(sorted((str(key), level) for key, level in skills.items())),
            "queues": dict(sorted((str(key), rank) for key, rank in queues.items())),
        }
    )


def _proficiency(row: Row) -> object:
    """A level alone where nothing more is known about it."""
    plain = row["valid_from"] is None and row["valid_to"] is None
    if plain and row["source"] == "admin" and not row["evidence"]:
        return row["level"]
    return {name: value for name, value in row.items() if name != "skill_id"}


def _rule(raw: Row, names: Names) -> shape.Rule:
    queue = raw.get("queue")
    return shape.Rule.model_validate(
        {
            "id": raw.get("id"),
            "when": raw.get("when"),
            "queue": names.of("queues", queue),
            "requirements": raw.get("requirements") or [],
            "tier": raw.get("tier"),
            "urgency": raw.get("urgency"),
            "continue": bool(raw.get("continue", False)),
        }
    )
