"""The world the rights are tried in: three departments, everybody, fresh things, right states."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from tests.make.account import account
from tests.make.agent import agent
from tests.make.callback import callback
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import Department, department
from tests.make.desk import Person
from tests.make.moment import AT, new_id
from tests.make.person import person
from tests.make.promise import ladder, policy
from tests.make.step import case_step
from tests.threats.bodies import Try
from tests.threats.states import STATES

from polyphony.app import clock
from polyphony.domain import password
from polyphony.flows import settle, sign_in
from polyphony.flows.carry_out import Staff
from polyphony.store import demo, people
from polyphony.store.database import Session

SECRET = "a horse that nobody guesses"


@dataclass
class Place:
    """One department with things of every kind in it."""

    department: Department
    agent: UUID
    account: UUID
    queue: UUID


class World:
    """Departments 1 (open), 2 (open), 3 (sealed), and one person of each sort."""

    async def build(self, session: Session) -> "World":
        self.places: dict[str, Place] = {}
        for thing, seal in (("own", "open"), ("other", "open"), ("sealed", "sealed")):
            made = await department(session, thing, visibility=seal)
            somebody = await agent(session, made.id, name=thing, queues=[made.triage])
            self.places[thing] = Place(made, somebody, await account(session, made.id), made.triage)
        first = self.places["own"].department.id
        self.people = {
            "agent_1": self.places["own"].agent,
            "agent_2": self.places["other"].agent,
            "supervisor": await person(session, "S", roles=["supervisor"], departments=[first]),
            "admin": await person(session, "M", roles=["admin"]),
            "auditor": await person(session, "A", roles=["auditor"]),
        }
        self.victim = await person(session, "V", departments=[first])
        self.known = await person(session, "K", email="k@desk.example")
        await people.set_password(session, self.known, password.digest(SECRET, b"0" * 16))
        self.widget = await account(session, first, kind="chat", address="pk_world")
        self.loop = await account(session, first, kind="loopback", address="loop")
        self.skill = new_id()
        await session.execute(
            "INSERT INTO skill (id, key, kind) VALUES (%s, 'lang.cs', 'language')", [self.skill]
        )
        return self

    async def things(self, session: Session, thing: str) -> dict[str, UUID]:
        """A fresh Case with everything that can be named by an id, waiting for a free agent."""
        place = self.places.get(thing, self.places["own"])
        somebody = await customer(session)
        made = await case(session, place.department, place.account, somebody, queue=place.queue)
        second = await case(session, place.department, place.account, somebody)
        twin = await customer(session)
        await case(session, place.department, place.account, twin)
        match = new_id()
        await session.execute(
            "INSERT INTO link (id, a, b, verdict, tier, actor_kind, at)"
            " VALUES (%s, %s, %s, 'relative', 'human', 'person', %s)",
            [match, somebody.record, twin.record, AT],
        )
        names = ("delivery", "offer", "file", "arrival", "out", "note", "notice", "device")
        ids = {name: new_id() for name in names}
        await session.execute(
            "INSERT INTO message (id, interaction_id, position, kind, author_kind, text, at)"
            " VALUES (%s, %s, nextval('message_position_seq'), 'out', 'person', 'x', %s)",
            [ids["out"], made.interaction, AT],
        )
        await session.execute(
            "INSERT INTO delivery (id, message_id, account_id, to_address, state, not_before,"
            " created_at) VALUES (%s, %s, %s, 'a@b.example', 'failed', %s, %s)",
            [ids["delivery"], ids["out"], place.account, AT, AT],
        )
        await session.execute("INSERT INTO file (sha256, size) VALUES (%s, 1)", [str(ids["file"])])
        await session.execute(
            "INSERT INTO message_file (id, message_id, ordinal, sha256, name, media_type, size)"
            " VALUES (%s, %s, 0, %s, 'a.txt', 'text/plain', 1)",
            [ids["file"], made.message, str(ids["file"])],
        )
        await session.execute(
            "INSERT INTO arrival (id, account_id, key, body, size, received_at, state)"
            " VALUES (%s, %s, %s, 'x', 1, %s, 'read')",
            [ids["arrival"], place.account, str(ids["arrival"]), AT],
        )
        await session.execute(
            "UPDATE message SET arrival_id = %s WHERE id = %s", [ids["arrival"], made.message]
        )
        await session.execute(
            "INSERT INTO customer_note (id, customer_id, author_id, text, at)"
            " VALUES (%s, %s, %s, 'n', %s)",
            [ids["note"], somebody.id, place.agent, AT],
        )
        await session.execute("UPDATE agent_load SET routed_units = 0, manual_units = 0")
        ids |= await self._lists(session, place, made.id)
        ids["brand"], ids["change"], ids["role"] = new_id(), new_id(), new_id()
        ids |= await self._promises(session, made.id, place.department.calendar)
        ids["calendar"] = new_id()
        await session.execute(
            "INSERT INTO calendar (id, name) VALUES (%s, 'Nobody works by it')", [ids["calendar"]]
        )
        await session.execute(
            "INSERT INTO role (id, key, name) VALUES (%s, %s, 'Own')",
            [ids["role"], f"own_{ids['role'].hex[-20:]}"],
        )
        await session.execute(
            "INSERT INTO config_history (id, how, noun, entity_id, name, before, after)"
            " VALUES (%s, 'edit', 'skill', %s, 'k', '{\"kind\": \"topic\"}',"
            " (SELECT jsonb_build_object('kind', kind) FROM skill WHERE id = %s))",
            [ids["change"], self.skill, self.skill],
        )
        await session.execute(
            "INSERT INTO brand (id, name) VALUES (%s, %s)", [ids["brand"], str(ids["brand"])]
        )
        ids |= await _shelf(session)
        ids |= await _steps(session, place, made.id)
        ids["callback"] = await callback(session, made.id, place.queue)
        ids |= {"status": new_id()}
        await session.execute(
            "INSERT INTO presence_status (id, key, name, matrix)"
            ' VALUES (%s, %s, \'{"en": "Training"}\', \'{"email": "on"}\')',
            [ids["status"], f"s{ids['status'].hex}"],
        )
        ids |= await _board(session, place, self.people["supervisor"])
        ids |= await _lever(session, place)
        ids |= {"draft": new_id(), "place_account": place.account, "identity": somebody.identity}
        await session.execute(
            "INSERT INTO draft (id, case_id, person_id, mode, text)"
            " VALUES (%s, %s, %s, 'note', 'half a thought')",
            [ids["draft"], made.id, self.victim],
        )
        return ids | {
            "case": made.id, "second": second.id, "interaction": made.interaction,
            "second_interaction": second.interaction,
            "message": made.message, "work_item": made.work_item or made.id,
            "customer": somebody.id, "match": match, "twin": (await customer(session)).id,
            "agent": place.agent, "queue": place.queue,
            "account": place.account, "department": place.department.id,
            "skill": self.skill, "person": self.victim,
            "widget": self.widget, "loop": self.loop,
        }  # fmt: skip

    async def _promises(self, session: Session, case: UUID, calendar: UUID) -> dict[str, UUID]:
        """A policy, a ladder nobody climbs, and a rung of the Case that asks for an answer."""
        ids = {"policy": await policy(session, str(new_id()), rank=5, step=60), "run": new_id()}
        note = {"action": "note", "at_pct": 90, "text": "x"}
        ids["hook"] = new_id()
        await session.execute(
            "INSERT INTO hook (id, name, url) VALUES (%s, %s, 'https://pager.example/')",
            [ids["hook"], str(ids["hook"])],
        )
        ids["ladder"] = await ladder(session, note, name=str(new_id()))
        clock = new_id()
        await session.execute(
            "INSERT INTO sla_clock (id, case_id, type, state, calendar_id, target_ms)"
            " VALUES (%s, %s, 'resolution', 'breached', %s, 1)",
            [clock, case, calendar],
        )
        await session.execute(
            "INSERT INTO escalation_run (id, clock_id, step, round, case_id, at, action,"
            " answerable) VALUES (%s, %s, 0, 0, %s, %s, 'page', true)",
            [ids["run"], clock, case, AT],
        )
        return ids

    async def _lists(self, session: Session, place: Place, case: UUID) -> dict[str, UUID]:
        """A view of the department's team, and a job of the first agent that has not begun."""
        ids = {"view": new_id(), "bulk_job": new_id()}
        await session.execute(
            "INSERT INTO saved_view (id, name, sharing, owner_id, department_id, filter,"
            " created_at) VALUES (%s, 'v', 'team', %s, %s, '{\"all\": []}', %s)",
            [ids["view"], place.agent, place.department.id, AT],
        )
        await session.execute(
            "INSERT INTO bulk_job (id, person_id, action, args, total, created_at)"
            " VALUES (%s, %s, 'tags', '{\"add\": [\"x\"]}', 1, %s)",
            [ids["bulk_job"], self.people["agent_1"], AT],
        )
        await session.execute(
            "INSERT INTO bulk_row (job_id, case_id, ordinal) VALUES (%s, %s, 1)",
            [ids["bulk_job"], case],
        )
        return ids


async def _steps(session: Session, place: Place, case: UUID) -> dict[str, UUID]:
    """A kind with a draft, and a step of another kind's process the Case has come to."""
    ids = {"case_kind": new_id(), "process": new_id()}
    await session.execute(
        "INSERT INTO case_kind (id, key) VALUES (%s, %s)",
        [ids["case_kind"], f"k{ids['case_kind'].hex[-12:]}"],
    )
    await session.execute(
        "INSERT INTO process (id, kind_id, no, state, steps, at) VALUES (%s, %s, 1, 'draft',"
        " jsonb_build_array(jsonb_build_object('key', 'a', 'title', 'A', 'kind', 'work',"
        " 'queue', %s::text)), %s)",
        [ids["process"], ids["case_kind"], str(place.queue), AT],
    )
    ids["case_step"] = await case_step(session, case, place.queue)
    await session.execute(
        """UPDATE case_step SET checklist = '[{"key": "seen", "title": "Seen"}]' WHERE id = %s""",
        [ids["case_step"]],
    )
    return ids


async def _shelf(session: Session) -> dict[str, UUID]:
    """A snippet, an article and a macro of everybody."""
    ids = {name: new_id() for name in ("snippet", "article", "macro")}
    await session.execute(
        "INSERT INTO snippet (id, shortcut, name, scope, bodies)"
        " VALUES (%s, %s, 'hello', 'all', '{\"en\": \"Hello\"}')",
        [ids["snippet"], ids["snippet"].hex],
    )
    await session.execute(
        "INSERT INTO article (id, scope, bodies) VALUES (%s, 'all', '{\"en\": \"How\"}')",
        [ids["article"]],
    )
    await session.execute(
        "INSERT INTO macro (id, name, scope, steps)"
        ' VALUES (%s, %s, \'all\', \'[{"do": "note", "text": "seen"}]\')',
        [ids["macro"], ids["macro"].hex],
    )
    return ids


async def _board(session: Session, place: Place, lead: UUID) -> dict[str, UUID]:
    """A wallboard of the department with a link whose token nobody knows; and an alert."""
    ids = {"board": new_id(), "link": new_id(), "alert": new_id()}
    await session.execute(
        "INSERT INTO alert (id, kind, key, department_id, queue_id, at)"
        " VALUES (%s, 'none_signed_in', %s, %s, %s, %s)",
        [ids["alert"], str(ids["alert"]), place.department.id, place.queue, AT],
    )
    await session.execute(
        "INSERT INTO board (id, name, department_id) VALUES (%s, 'Board', %s)",
        [ids["board"], place.department.id],
    )
    await session.execute(
        "INSERT INTO board_link (id, board_id, name, token_hash, pin_mac, by_id)"
        " VALUES (%s, %s, 'hall', %s, 'x', %s)",
        [ids["link"], ids["board"], ids["link"].bytes, lead],
    )
    return ids


async def _lever(session: Session, place: Place) -> dict[str, UUID]:
    """A lever of the department in force, pulled by somebody else."""
    ids = {"lever": new_id()}
    await session.execute(
        """INSERT INTO lever (id, kind, department_id, queue_id, value, seconds, reason, by_id,
                              from_at, until_at)
           VALUES (%s, 'weight', %s, %s, '{"milli": 2000}', 3600, 'busy', %s, now(),
                   now() + interval '1 hour')""",
        [ids["lever"], place.department.id, place.department.triage, new_id()],
    )
    return ids


_BEGIN_AFRESH: Sequence[LiteralString] = (
    "DELETE FROM throttle",
    "DELETE FROM board",
    "DELETE FROM lever",
    "DELETE FROM deadline_template",
    "DELETE FROM sla_policy",
    "DELETE FROM escalation",
    "DELETE FROM roster",
    "UPDATE agent_load SET cap_max = 100, cap_lever = NULL",
    "UPDATE offer SET state = 'withdrawn' WHERE state = 'offered'",
    (
        "UPDATE work_item SET state = 'cancelled', agent_id = NULL"
        " WHERE state NOT IN ('done', 'cancelled')"
    ),
    (
        "DELETE FROM agent WHERE person_id IN"
        " (SELECT person_id FROM person_role WHERE role = 'supervisor')"
    ),
    (
        "DELETE FROM person_role WHERE role = 'agent' AND person_id IN"
        " (SELECT person_id FROM person_role WHERE role = 'supervisor')"
    ),
)
"""What earlier attempts left: nobody holds anything, nobody is locked out."""


async def prepare(
    session: Session, world: World, operation: str, thing: str, who: Person | None
) -> Try:
    """Make fresh things and bring them where the operation is possible."""
    for statement in _BEGIN_AFRESH:
        await session.execute(statement)
    await session.execute("DELETE FROM setting WHERE key = 'demo'")
    await session.execute("DELETE FROM sign_in WHERE person_id = %s", [world.known])
    ids = await world.things(session, thing)
    ids |= {"known": world.known, "me": who.id if who else world.known}
    if "check" in operation or operation.endswith("/test"):
        ids["account"] = world.loop
    if operation.endswith("/snippet"):
        ids["account"] = world.widget
    state = STATES.get(operation)
    for statement in state.before if state else ():
        await session.execute(statement, ids)
    if operation.endswith("/unmerge"):
        clerk = Staff(world.people["supervisor"], "S", supervisor=True)
        await settle.merge(session, ids["case"], ids["second"], clerk, AT)
    if thing == "demo":
        await demo.declare(session, "http://127.0.0.1:1/")
    words: dict[str, str] = {}
    if thing == "right" and operation.endswith("/link"):
        words["token"] = await sign_in.link(session, world.known, "invite", clock.now())
    if who is not None:
        strong = thing == "strong"
        await session.execute(
            "UPDATE sign_in SET strong = %s WHERE id = %s", [strong, who.session_id]
        )
        kept = b"sealed" if strong else None
        await session.execute(
            "UPDATE person SET totp_secret = %s, totp_used = NULL WHERE id = %s", [kept, who.id]
        )
    return Try(ids, words)


# Written by what every request may do, refused or not: a line of audit, a count, "seen at".
_BESIDE = ["audit", "throttle", "sign_in", "idempotency", "web_process", "log_epoch"]

_WATCH: LiteralString = """
CREATE UNLOGGED TABLE touched (id bigint GENERATED ALWAYS AS IDENTITY, name text NOT NULL);
GRANT SELECT, DELETE ON touched TO app;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
  $$ BEGIN INSERT INTO touched (name) VALUES (TG_TABLE_NAME); RETURN NULL; END $$
"""
_WATCHED: LiteralString = """
SELECT format('CREATE TRIGGER touched AFTER INSERT OR UPDATE OR DELETE ON %%I'
              ' FOR EACH ROW EXECUTE FUNCTION touch()', relname)
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
   AND NOT relispartition AND relname <> 'touched' AND relname !~ '^event_'
   AND relname <> ALL(%s)"""


async def watch(owner: Session) -> None:
    """Keep a line of every row added, changed or deleted from now on; ``owner`` owns the tables.

    A line goes with the transaction that wrote it: what was rolled back has changed nothing.
    Counting all rows of all tables around each attempt took three quarters of the test's time.
    """
    await owner.execute(_WATCH)
    for (trigger,) in await (await owner.execute(_WATCHED, [_BESIDE])).fetchall():
        await owner.execute(trigger)


async def changed(session: Session) -> list[str]:
    """The tables of which a row was added, changed or deleted since they were asked for."""
    found = await session.execute("DELETE FROM touched RETURNING name")
    return sorted({str(row[0]) for row in await found.fetchall()})


async def tables(session: Session) -> list[str]:
    """The tables of which a refused request may change no row."""
    found = await session.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename !~ '^event_'"
    )
    return sorted({str(row[0]) for row in await found.fetchall()} - set(_BESIDE))


async def fingerprint(session: Session, names: Sequence[str]) -> str:
    """Different as soon as one row of these tables was added, changed or deleted; it is dear."""
    each = " UNION ALL ".join(
        f"SELECT '{name}', count(*), max(xmin::text::bigint) FROM {name}" for name in names
    )
    found = await session.execute(each)
    return hashlib.sha256(repr(sorted(await found.fetchall())).encode()).hexdigest()
