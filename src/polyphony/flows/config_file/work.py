"""Work: each kind of thing of a file taken in, by the names the file uses."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from polyphony.domain.errors import Refusal
from polyphony.domain.event import Actor
from polyphony.domain.role import Right
from polyphony.domain.rule_fault import faults
from polyphony.flows import attend, configure, name_status, tune
from polyphony.flows.config_file import shape
from polyphony.flows.config_file.lines import LINKS, by_ids, by_names
from polyphony.flows.config_file.names import Names
from polyphony.flows.config_file.plain import DAYS
from polyphony.flows.config_file.queue_shape import Queue
from polyphony.flows.config_file.text import Fault, Faulty, Read
from polyphony.store import changes, configuration, crew, files, staff
from polyphony.store.brands import has_logo
from polyphony.store.configuration import ACCOUNT, BRAND, CALENDAR, DEPARTMENT, QUEUE, SKILL, Noun
from polyphony.store.database import Session
from polyphony.store.keys import key

Json = dict[str, Any]


class _Blamed:
    """Turns a refusal of the house into a fault with the line of the thing."""

    def __init__(self, found: Read, path: tuple[str | int, ...]) -> None:
        self._found, self._path = found, path

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Say where it was."""
        if not isinstance(error, Refusal) or isinstance(error, Faulty):
            return
        named = error.facts.get("name") or error.facts.get("names") or error.facts.get("rule") or ""
        line = self._found.line(*self._path)
        said = " → ".join(str(one) for one in self._path)
        raise Faulty([Fault(line, said, error.code, str(named))]) from error


@dataclass(slots=True)
class Work:
    """A file being taken in: what it says, what names stand for, who takes it in and when."""

    session: Session
    found: Read
    names: Names
    at: datetime
    actor: Actor
    touched: set[UUID] = field(default_factory=set)

    def blamed(self, *path: str | int) -> _Blamed:
        """Blame a thing of the file for whatever is refused inside."""
        return _Blamed(self.found, path)

    def ref(self, section: str, name: str | None, *path: str) -> UUID | None:
        """Return what a name stands for; raise Faulty with its line when it is nothing."""
        if name is None:
            return None
        found = self.names.id_of(section, name)
        if found is None:
            line = self.found.line(*path)
            raise Faulty([Fault(line, " → ".join(path), "config.unknown_name", name)])
        return found

    def wanted(self, section: str, name: str) -> Any:  # noqa: ANN401 - a shape of the section
        """Return what the file says about a thing."""
        return getattr(self.found.file, section)[name]

    async def put(self, section: str, noun: Noun, name: str, values: Json, *, fresh: bool) -> UUID:
        """Add or change a row."""
        if fresh:
            id_ = key(self.at)
            await configure.add(self.session, noun, id_, values, self.actor, how="import")
            self.names.give(section, id_, name)
            return id_
        id_ = self.names.id_of(section, name) or UUID(int=0)
        await configure.change(self.session, noun, id_, values, None, self.actor, how="import")
        return id_

    async def calendar(self, name: str, fresh: bool) -> None:  # noqa: FBT001 - one of seven steps
        """Take in working hours."""
        one: shape.Calendar = self.wanted("calendars", name)
        values: Json = {
            "zone": one.zone,
            "always": one.always,
            "frames": {
                str(DAYS.index(day) + 1): _pairs(frames) for day, frames in one.frames.items()
            },
            "exceptions": {day: _pairs(frames) for day, frames in one.exceptions.items()},
            "country": one.holidays,
            "worked": one.worked,
            "imported": one.imported,
        }
        configure.check_hours(values)
        if fresh:
            values["name"] = name
        await self.put("calendars", CALENDAR, name, values, fresh=fresh)

    async def skill(self, name: str, fresh: bool) -> None:  # noqa: FBT001 - one of seven steps
        """Take in a skill."""
        values = self.wanted("skills", name).model_dump()
        await self.put("skills", SKILL, name, values | {"key": name}, fresh=fresh)

    async def status(self, name: str, _: bool) -> None:  # noqa: FBT001 - one of eight steps
        """Take in a status of Presence."""
        values = self.wanted("statuses", name).model_dump()
        id_ = self.names.id_of("statuses", name)
        if id_ is None:
            id_ = key(self.at)
            await name_status.add(
                self.session, id_, values | {"key": name}, self.actor, how="import"
            )
            self.names.give("statuses", id_, name)
            return
        await name_status.change(self.session, id_, values, None, self.actor, self.at, how="import")

    async def brand(self, name: str, fresh: bool) -> None:  # noqa: FBT001 - one of seven steps
        """Take in a brand."""
        one: shape.Brand = self.wanted("brands", name)
        values: Json = one.model_dump(exclude={"logo"}) | {"name": name}
        if one.logo is not None:
            values["logo_sha256"] = await self._logo(name, one.logo)
        await self.put("brands", BRAND, name, values, fresh=fresh)

    async def _logo(self, brand: str, logo: shape.Logo) -> str | None:
        """Return the picture to show; by its hash alone only one that is a logo already.

        (Logos are public: the hash of some other file must not make that one public.)
        """
        data = logo.picture()
        if logo.sha256 is not None and data is not None:
            await files.know(self.session, [(logo.sha256, len(data))], self.at)
        elif logo.sha256 is not None and not await has_logo(self.session, logo.sha256):
            line = self.found.line("brands", brand, "logo")
            where = f"brands → {brand} → logo"
            raise Faulty([Fault(line, where, "config.logo_unknown", logo.sha256[:12])])
        return logo.sha256

    async def department(self, name: str, fresh: bool) -> None:  # noqa: FBT001 - one of seven steps
        """Take in a department; a new one gets its triage queue at once."""
        one: shape.Department = self.wanted("departments", name)
        calendar = self.ref("calendars", one.calendar, "departments", name, "calendar")
        values: Json = {"calendar_id": calendar, "visibility": one.visibility}
        if not fresh:
            await self.put("departments", DEPARTMENT, name, values, fresh=False)
            return
        ids = (key(self.at), key(self.at), key(self.at))
        await configure.add_department(
            self.session, ids, values | {"name": name}, Actor("system"), how="import"
        )
        self.names.give("departments", ids[0], name)
        self.names.give("queues", ids[1], f"{name} / Triage")

    async def triage(self, name: str) -> None:
        """Name the queue of what nothing else fits, once all queues are there."""
        one: shape.Department = self.wanted("departments", name)
        queue = self.ref("queues", f"{name} / {one.triage}", "departments", name, "triage")
        id_ = self.names.id_of("departments", name) or UUID(int=0)
        row = await configuration.one(self.session, DEPARTMENT, id_)
        if row is not None and row["triage_queue"] != str(queue):
            values: Json = {"triage_queue": queue}
            await self.put("departments", DEPARTMENT, name, values, fresh=False)

    async def queue(self, name: str, fresh: bool) -> None:  # noqa: FBT001 - one of seven steps
        """Take in a queue."""
        one: Queue = self.wanted("queues", name)
        department, _, short = name.partition(" / ")
        values = one.model_dump(exclude={"calendar", *LINKS}) | {
            "calendar_id": self.ref("calendars", one.calendar, "queues", name, "calendar"),
            "department_id": self.ref("departments", department, "queues", name),
            "name": short,
            "targets": {kind: t.model_dump(exclude_none=True) for kind, t in one.targets.items()},
        }
        there = self.names.id_of("queues", name) is not None  # a new department's triage is
        await self.put("queues", QUEUE, name, values, fresh=fresh and not there)

    async def links(self, name: str) -> None:
        """Let a queue name others (ladder, related, overflow), once all queues are there."""
        one: Queue = self.wanted("queues", name)
        values = by_ids(one, lambda other, field: self.ref("queues", other, "queues", name, field))
        id_ = self.names.id_of("queues", name) or UUID(int=0)
        row = await configuration.one(self.session, QUEUE, id_)
        if row is None:
            return
        was = Queue.model_validate(by_names(row, self.names))
        if was.model_dump(include=set(LINKS)) != one.model_dump(include=set(LINKS)):
            await self.put("queues", QUEUE, name, values, fresh=False)

    async def tuning(self, name: str, _: bool) -> None:  # noqa: FBT001 - one of seven steps
        """Take in rules of capacity or weights of the score."""
        one: shape.Tuning = self.wanted("routing", name)
        value = one.model_dump(exclude_defaults=True)
        await tune.write(self.session, f"routing.{name}", value, None, self.actor, how="import")

    async def account(self, name: str, fresh: bool) -> None:  # noqa: FBT001 - one of seven steps
        """Take in an account; its secrets stay, a new one has none yet."""
        one: shape.Account = self.wanted("accounts", name)
        kind, _, address = name.partition(" ")
        where = ("accounts", name)
        values: Json = {
            "name": one.name,
            "language": one.language,
            "settings": one.settings,
            "department_id": self.ref("departments", one.department, *where, "department"),
            "default_queue": self.ref("queues", one.default_queue, *where, "default_queue"),
            "mail_account": self.ref("accounts", one.mail_account, *where, "mail_account"),
            "brand_id": self.ref("brands", one.brand, *where, "brand"),
        }
        if fresh:
            values |= {"kind": kind, "address": address}
        id_ = await self.put("accounts", ACCOUNT, name, values, fresh=fresh)
        await configure.set_pace(self.session, id_, one.settings, self.at)

    async def person(self, email: str, _: bool) -> None:  # noqa: FBT001 - one of seven steps
        """Take in a person with roles, departments and what he takes as an agent."""
        one: shape.Person = self.wanted("people", email)
        where = ("people", email)
        departments = [
            found
            for name in one.departments
            if (found := self.ref("departments", name, *where, "departments"))
        ]
        roles = list(self._roles(one, where))
        id_ = self.names.id_of("people", email)
        before = None if id_ is None else await staff.one(self.session, id_)
        if id_ is None:
            id_ = key(self.at)
            new = staff.NewPerson(id_, email, one.name, one.language, roles, departments)
            await staff.add(self.session, new)
            self.names.give("people", id_, email)
        values = {"name": one.name, "language": one.language, "zone": one.zone, "state": one.state}
        await staff.change(self.session, id_, values, None)
        await staff.set_rights(self.session, id_, roles, departments)
        lost = id_ == self.actor.id and Right.ROLES not in await staff.rights_of(self.session, id_)
        if lost or not await staff.governed(self.session):
            line = self.found.line(*where, "roles")
            raise Faulty([Fault(line, " → ".join(where), "person.last_admin", email)])
        if one.agent is not None:
            await self._agent(id_, one.agent, where)
        after = await configure.tell_person(self.session, id_, self.actor)
        await changes.record(self.session, "person", id_, (before, after), self.actor.id, "import")

    def _roles(
        self, one: shape.Person, where: tuple[str, str]
    ) -> Iterator[tuple[str, UUID | None]]:
        for role, places in one.roles.items():
            self.ref("roles", role, *where, "roles")
            if places == "everywhere":
                yield role, None
                continue
            for name in places:
                yield role, self.ref("departments", name, *where, "roles")

    async def _agent(self, person: UUID, one: shape.Agent, where: tuple[str, str]) -> None:
        skills = [
            {"skill_id": self.ref("skills", name, *where, "agent", "skills", name)}
            | (
                shape.Proficiency(level=known, evidence="") if isinstance(known, int) else known
            ).model_dump()
            for name, known in one.skills.items()
        ]
        queues = [
            (found, rank)
            for name, rank in one.queues.items()
            if (found := self.ref("queues", name, *where, "agent", "queues", name))
        ]
        values: Json = {
            "channels": one.channels,
            "cap_max": one.cap_max,
            "skills": skills,
            "department_id": self.ref("departments", one.department, *where, "agent", "department"),
        }
        before = await crew.agents(self.session, person)
        if not before:
            await staff.make_agent(self.session, person, values["department_id"])
        await crew.change_agent(self.session, person, values)
        await crew.set_queues(self.session, person, queues)
        await configure.tell_agent(self.session, person, self.actor)
        await attend.changed(self.session, [person], self.at, self.actor)
        after = await crew.agents(self.session, person)
        await changes.record(
            self.session,
            "agent",
            person,
            (before[0] if before else None, after[0] if after else None),
            self.actor.id,
            "import",
        )

    async def rules(self, version: int) -> None:
        """Put the file's rules in force."""
        lines = []
        for one in self.found.file.rules or []:
            line = one.model_dump(by_alias=True, exclude_defaults=True)
            queue = self.ref("queues", one.queue, "rules")
            lines.append(line | ({"queue": str(queue)} if queue else {}))
        wrong = [
            Fault(self.found.line("rules", one.index, one.where), f"rules → {one.rule}", one.code)
            for one in faults(lines)
        ]
        if wrong:
            raise Faulty(wrong)
        await configure.set_rules(self.session, lines, version, self.actor, how="import")


def _proven(known: int | shape.Proficiency) -> shape.Proficiency:
    return shape.Proficiency(level=known, evidence="") if isinstance(known, int) else known


def _pairs(frames: list[str]) -> list[list[str]]:
    return [frame.split("-") for frame in frames]
