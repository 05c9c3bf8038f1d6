"""The world the rights are tried in: three departments, everybody, fresh things, right states."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, LiteralString
from uuid import UUID, uuid4

from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import Department, department
from tests.make.desk import Person
from tests.make.moment import AT, new_id
from tests.make.person import person

from polyphony.app import clock
from polyphony.domain import password
from polyphony.flows import settle, sign_in
from polyphony.flows.carry_out import Staff
from polyphony.store import demo, people
from polyphony.store.database import Session

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
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
            "customer": somebody.id, "agent": place.agent, "queue": place.queue,
            "account": place.account, "department": place.department.id,
            "skill": self.skill, "person": self.victim,
            "widget": self.widget, "loop": self.loop,
        }  # fmt: skip

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


@dataclass(frozen=True)
class State:
    """What must be so that an operation can be done, and what is so when it was done."""

    before: Sequence[LiteralString]
    done: LiteralString


_IN_WORK: Sequence[LiteralString] = (
    "UPDATE work_item SET state = 'in_work', agent_id = %(agent)s WHERE id = %(work_item)s",
    "UPDATE queue_stay SET left_at = entered_at, how = 'taken' WHERE work_item_id = %(work_item)s",
    "UPDATE interaction SET state = 'with_agent', agent_id = %(agent)s WHERE id = %(interaction)s",
    "UPDATE agent_load SET routed_units = 50 WHERE agent_id = %(agent)s",
)
_HANDED_ON: Sequence[LiteralString] = (
    (
        "INSERT INTO handed_on (work_item_id, by_id, queue_id, agent_id, at)"
        " VALUES (%(work_item)s, %(me)s, %(queue)s, %(agent)s, now())"
    ),
)
_OFFERED: Sequence[LiteralString] = (
    (
        "INSERT INTO offer (id, work_item_id, agent_id, state, made_at, deadline, epoch, cycle)"
        " VALUES (%(offer)s, %(work_item)s, %(agent)s, 'offered', now(),"
        " now() + interval '2 minutes', 0, 0)"
    ),
    "UPDATE work_item SET state = 'offered', agent_id = %(agent)s WHERE id = %(work_item)s",
    "UPDATE agent_load SET routed_units = 50 WHERE agent_id = %(agent)s",
)
_PARKED: Sequence[LiteralString] = (
    (
        "UPDATE work_item SET state = 'parked', wake_at = now() + interval '1 day'"
        " WHERE id = %(work_item)s"
    ),
    "UPDATE queue_stay SET left_at = entered_at, how = 'parked' WHERE work_item_id = %(work_item)s",
)


def _delivery(state: LiteralString, done: LiteralString) -> State:
    return State(
        (
            "UPDATE delivery SET not_before = now() + interval '1 hour', state = '"
            + state
            + "' WHERE id = %(delivery)s",
        ),
        "SELECT state = '" + done + "' FROM delivery WHERE id = %(delivery)s",
    )


def _work(before: Sequence[LiteralString], done: LiteralString) -> State:
    return State(before, "SELECT state = '" + done + "' FROM work_item WHERE id = %(work_item)s")


def _offer(done: LiteralString) -> State:
    return State(_OFFERED, "SELECT state = '" + done + "' FROM offer WHERE id = %(offer)s")


def _case(done: LiteralString) -> LiteralString:
    return "SELECT " + done + " FROM case_ WHERE id = %(case)s"


_NOTICE: Sequence[LiteralString] = (
    (
        "INSERT INTO notice (id, person_id, kind, case_id, at)"
        " VALUES (%(notice)s, %(me)s, 'mention', %(case)s, now())"
    ),
)
_FOLLOWER: Sequence[LiteralString] = (
    "INSERT INTO follower (case_id, person_id, at) VALUES (%(case)s, %(me)s, now())",
)
_LINKED: LiteralString = "SELECT count(*) = 1 FROM case_link WHERE case_id = %(case)s"
_READ: LiteralString = "SELECT read_at IS NOT NULL FROM notice WHERE id = %(notice)s"
_FOLLOWS: LiteralString = (
    "SELECT count(*) = 1 FROM follower WHERE case_id = %(case)s AND person_id = %(me)s"
)

STATES: dict[str, State] = {
    "POST /v1/deliveries/{id}/mark_sent": _delivery("uncertain", "sent"),
    "POST /v1/cases/{id}/snooze": _work((), "parked"),
    "DELETE /v1/cases/{id}/snooze": _work(_PARKED, "waiting"),
    "POST /v1/cases/{id}/help": State((), _case("help IS NOT NULL")),
    "DELETE /v1/cases/{id}/help": State(
        ("UPDATE case_ SET help = '{}' WHERE id = %(case)s",), _case("help IS NULL")
    ),
    "POST /v1/cases/{id}/links": State((), _LINKED),
    "DELETE /v1/cases/{id}/links": State(
        (
            (
                "INSERT INTO case_link (case_id, other_id, kind, at, by_kind)"
                " VALUES (%(case)s, %(second)s, 'perhaps', now(), 'person')"
            ),
        ),
        _LINKED.replace("= 1", "= 0"),
    ),
    "POST /v1/cases/{id}/elsewhere": State(
        (), "SELECT count(*) = 1 FROM hand_over WHERE case_id = %(case)s"
    ),
    "POST /v1/cases/{id}/forward": State(
        (),
        "SELECT count(*) = 1 FROM delivery d JOIN message m ON m.id = d.message_id"
        " WHERE d.purpose = 'forward' AND m.interaction_id = %(interaction)s",
    ),
    "POST /v1/me/push": State(
        (), "SELECT count(*) = 1 FROM web_push WHERE endpoint = 'https://push.example/new'"
    ),
    "DELETE /v1/me/push/{id}": State(
        (
            """INSERT INTO web_push (id, person_id, endpoint, p256dh, auth, made_at)
               VALUES (%(device)s, %(me)s, %(device)s::text, 'x', 'x', now())""",
        ),
        "SELECT NOT EXISTS (SELECT FROM web_push WHERE id = %(device)s)",
    ),
    "POST /v1/notices/{id}/read": State(_NOTICE, _READ),
    "POST /v1/notices/read": State(_NOTICE, _READ),
    "PUT /v1/cases/{id}/follow": State((), _FOLLOWS),
    "DELETE /v1/cases/{id}/follow": State(_FOLLOWER, _FOLLOWS.replace("= 1", "= 0")),
    "POST /v1/deliveries/{id}/cancel": _delivery("held", "cancelled"),
    "POST /v1/deliveries/{id}/schedule": State(
        (
            (
                "UPDATE delivery SET state = 'held', why = 'schedule',"
                " not_before = now() + interval '1 hour' WHERE id = %(delivery)s"
            ),
        ),
        "SELECT not_before > now() + interval '2 hours' FROM delivery WHERE id = %(delivery)s",
    ),
    "POST /v1/deliveries/{id}/release": _delivery("held", "queued"),
    "POST /v1/deliveries/{id}/give_up": _delivery("uncertain", "failed"),
    "POST /v1/deliveries/{id}/retry": State(
        (),
        "SELECT count(*) = 2 AND bool_or(state = 'queued') FROM delivery"
        " WHERE message_id = %(out)s",
    ),
    "POST /v1/offers/{id}/accept": _offer("accepted"),
    "POST /v1/offers/{id}/decline": _offer("declined"),
    "POST /v1/work_items/{id}/finish": _work(_IN_WORK, "done"),
    "POST /v1/work_items/{id}/return": _work(_IN_WORK, "waiting"),
    "POST /v1/work_items/{id}/wake": _work(_PARKED, "waiting"),
    "POST /v1/work_items/{id}/park": _work((), "parked"),
    "POST /v1/work_items/{id}/claim": _work((), "in_work"),
    "POST /v1/work_items/{id}/take_back": _work(_HANDED_ON, "in_work"),
    "POST /v1/work_items/{id}/assign": _work((), "in_work"),
    "POST /v1/cases/{id}/moves": State(
        (), "SELECT state = 'solved' FROM case_ WHERE id = %(case)s"
    ),
    "POST /v1/cases/{id}/merge": State((), _case("merged_into = %(second)s")),
    "POST /v1/cases/{id}/unmerge": State(
        (), "SELECT state = 'open' FROM case_ WHERE id = %(case)s"
    ),
    "POST /v1/cases/{id}/split": State(
        ("UPDATE interaction SET case_id = %(case)s WHERE id = %(second_interaction)s",),
        "SELECT case_id <> %(case)s FROM interaction WHERE id = %(interaction)s",
    ),
    "POST /v1/arrivals/{id}/read_again": State(
        ("UPDATE arrival SET state = 'quarantined' WHERE id = %(arrival)s",),
        "SELECT state = 'new' FROM arrival WHERE id = %(arrival)s",
    ),
    "POST /v1/channel_accounts/{id}/check": State(
        (), "SELECT health ? 'checked_at' FROM channel_account WHERE id = %(loop)s"
    ),
    "POST /v1/channel_accounts/{id}/test": State(
        (), "SELECT health ? 'checked_at' FROM channel_account WHERE id = %(loop)s"
    ),
    "POST /v1/channel_accounts/{id}/pause": State(
        (), "SELECT state = 'paused' FROM channel_account WHERE id = %(account)s"
    ),
    "POST /v1/people/{id}/disable": State(
        (), "SELECT state = 'disabled' FROM person WHERE id = %(person)s"
    ),
    "POST /v1/health/retry": State(
        (("UPDATE arrival SET state = 'quarantined', received_at = now() WHERE id = %(arrival)s"),),
        "SELECT state = 'new' FROM arrival WHERE id = %(arrival)s",
    ),
    "DELETE /v1/people/{id}/sign_ins": State(
        (
            (
                "INSERT INTO sign_in (id, person_id, token_hash, csrf, created_at, seen_at,"
                " expires_at) SELECT gen_random_uuid(), %(person)s, sha256(random()::text::bytea),"
                " 'x', now(), now(), now() + interval '1 day'"
            ),
        ),
        "SELECT bool_and(ended_at IS NOT NULL) FROM sign_in WHERE person_id = %(person)s",
    ),
    "POST /v1/bulk/{id}/cancel": State(
        (), "SELECT state = 'cancelled' FROM bulk_job WHERE id = %(bulk_job)s"
    ),
    "POST /v1/bulk/{id}/undo": State(
        (
            (
                "UPDATE bulk_job SET state = 'done', undo = 'offered', ended_at = now()"
                " WHERE id = %(bulk_job)s"
            ),
        ),
        "SELECT undo = 'asked' FROM bulk_job WHERE id = %(bulk_job)s",
    ),
    "PATCH /v1/views/{id}": State(
        (), "SELECT name = 'renamed' FROM saved_view WHERE id = %(view)s"
    ),
    "PUT /v1/rules": State((), "SELECT count(*) > 0 FROM rule_set"),
    "PUT /v1/people/me/totp": State(
        (), "SELECT totp_secret IS NOT NULL FROM person WHERE id = %(me)s"
    ),
    "DELETE /v1/people/me/totp": State(
        (), "SELECT totp_secret IS NULL FROM person WHERE id = %(me)s"
    ),
    "POST /v1/sign_ins": State((), "SELECT count(*) = 1 FROM sign_in WHERE person_id = %(known)s"),
    "POST /v1/sign_ins/link": State(
        (), "SELECT count(*) = 1 FROM sign_in WHERE person_id = %(known)s"
    ),
    "PUT /v1/demo": State((), "SELECT (value->>'paused')::bool FROM setting WHERE key = 'demo'"),
    "POST /v1/demo/acts": State(
        (), "SELECT value->'acts' ? 'mail' FROM setting WHERE key = 'demo'"
    ),
    "DELETE /v1/demo": State((), "SELECT NOT EXISTS (SELECT FROM setting WHERE key = 'demo')"),
}
"""Where an operation needs more than a fresh thing, and how its effect is seen."""


_BEGIN_AFRESH: Sequence[LiteralString] = (
    "DELETE FROM throttle",
    "UPDATE offer SET state = 'withdrawn' WHERE state = 'offered'",
    (
        "UPDATE work_item SET state = 'cancelled', agent_id = NULL"
        " WHERE state NOT IN ('done', 'cancelled')"
    ),
)
"""What earlier attempts left: nobody holds anything, nobody is locked out."""


@dataclass
class Try:
    """One attempt: the things, and the words that only this attempt knows."""

    ids: dict[str, UUID]
    words: dict[str, str]


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
_BESIDE = {"audit", "throttle", "sign_in", "idempotency", "web_process", "log_epoch"}


async def tables(session: Session) -> list[str]:
    """The tables of which a refused request may change no row."""
    found = await session.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename !~ '^event_'"
    )
    return sorted({str(row[0]) for row in await found.fetchall()} - _BESIDE)


async def fingerprint(session: Session, names: Sequence[str]) -> str:
    """Different as soon as one row of these tables was added, changed or deleted."""
    each = " UNION ALL ".join(
        f"SELECT '{name}', count(*), max(xmin::text::bigint) FROM {name}" for name in names
    )
    found = await session.execute(each)
    return hashlib.sha256(repr(sorted(await found.fetchall())).encode()).hexdigest()


NOUNS = {
    "cases": "case", "interactions": "interaction", "messages": "message", "files": "file",
    "arrivals": "arrival", "deliveries": "delivery", "work_items": "work_item",
    "offers": "offer", "customers": "customer", "queues": "queue", "agents": "agent",
    "channel_accounts": "account", "departments": "department", "calendars": "calendar",
    "skills": "skill", "people": "person", "roles": "role", "brands": "brand", "config": "change",
    "customer_notes": "note",
    "snippets": "snippet", "articles": "article", "macros": "macro", "drafts": "draft",
    "views": "view", "bulk": "bulk_job",
    "notices": "notice", "me": "device",
}  # fmt: skip


def body_of(operation: str, one: Try) -> Any:
    """A body that is right for the operation."""
    text = {name: str(id_) for name, id_ in one.ids.items()}
    tomorrow = (clock.now() + timedelta(days=1)).isoformat()
    return {
        "PATCH /v1/cases/{id}": {"title": "t"},
        "POST /v1/cases/export": {"ids": [text["case"]]},
        "POST /v1/bulk": {"action": "tags", "args": {"add": ["x"]}, "ids": [text["case"]]},
        "POST /v1/views": {"name": "mine", "filter": {"all": []}},
        "PATCH /v1/views/{id}": {"name": "renamed"},
        "POST /v1/cases/{id}/moves": {"move": "solve"},
        "POST /v1/cases/{id}/merge": {"into": text["second"]},
        "POST /v1/cases/{id}/split": {"interaction_ids": [text["interaction"]]},
        "POST /v1/cases/{id}/notes": {"text": "n"},
        "POST /v1/cases/{id}/snooze": {"until": tomorrow},
        "POST /v1/cases/{id}/help": {"text": "please"},
        "POST /v1/cases/{id}/links": {"other_id": text["second"]},
        "POST /v1/cases/{id}/forward": {"to": ["a@b.example"], "files": False},
        "POST /v1/customers/{id}/notes": {"text": "n"},
        "PATCH /v1/customer_notes/{id}": {"text": "m"},
        "PUT /v1/cases/{id}/drafts/{mode}": {"text": "d"},
        "PUT /v1/cases/{id}/read": {"position": 1},
        "POST /v1/interactions/{id}/messages": {"text": "a", "expected_last_item": 2**40},
        "POST /v1/work_items/{id}/transfer": {"queue_id": text["queue"]},
        "POST /v1/work_items/{id}/park": {"until": tomorrow, "for": "date"},
        "POST /v1/work_items/{id}/assign": {"agent_id": text["agent"]},
        "PUT /v1/presence": {"status": "busy"},
        "PATCH /v1/me/settings": {"theme": "dark"},
        "POST /v1/me/push": {
            "endpoint": "https://push.example/new", "keys": {"p256dh": "A" * 87, "auth": "A" * 22},
        },
        "PUT /v1/agents/{id}/presence": {"status": "busy"},
        "PUT /v1/presence/channels/{kind}": {"on": True},
        "POST /v1/people": {"name": "N", "email": f"{uuid4()}@desk.example"},
        "POST /v1/departments": {"name": str(uuid4())},
        "POST /v1/queues": {"name": str(uuid4()), "department_id": text["department"]},
        "PUT /v1/queues/{id}/members": [{"agent_id": text["agent"]}],
        "POST /v1/skills": {"key": f"k{uuid4().hex}", "kind": "topic"},
        "POST /v1/calendars": {"name": "c"},
        "POST /v1/channel_accounts": {
            "kind": "email", "name": "n", "address": f"{uuid4()}@x.example",
            "department_id": text["department"],
        },
        "POST /v1/health/retry": {"kind": "arrival", "id": text["arrival"]},
        "POST /v1/brands": {"name": str(uuid4())},
        "POST /v1/roles": {"name": f"R {uuid4().hex}", "rights": ["write"]},
        "PATCH /v1/roles/{id}": {"name": "Other", "rights": ["take"]},
        "PUT /v1/brands/{id}/logo": PNG,
        "POST /v1/config/diff": {"text": "version: 1"},
        "POST /v1/config/apply": {
            "text": f"version: 1\nskills: {{k{uuid4().hex}: {{kind: topic}}}}"
        },
        "PATCH /v1/guide": {"step": "team"},
        "POST /v1/guide/company": {"name": str(uuid4()), "department": str(uuid4())},
        "POST /v1/guide/test": {"text": "x"},
        "PUT /v1/rules": {"rules": []},
        "POST /v1/rules/bench": {"account_id": text["account"], "text": "x"},
        "POST /v1/rules/check": {"rules": []},
        "POST /v1/rules/dry_run": {"rules": []},
        "POST /v1/rules/try": {"facts": {"channel": "email"}},
        "PUT /v1/people/me/password": {"new": "a horse that nobody guesses"},
        "PUT /v1/people/me/totp": {"code": one.words.get("code", "000000")},
        "POST /v1/sign_ins": {
            "email": "k@desk.example", "password": one.words.get("password", "wrong"),
        },
        "POST /v1/sign_ins/link": {"token": one.words.get("token", "nonsense")},
        "POST /v1/cases/{id}/messages": {
            "text": "a", "expected_last_item": 2**40, "account_id": text["place_account"],
            "identity_id": text["identity"],
        },
        "POST /v1/deliveries/{id}/schedule": {"at": tomorrow},
        "POST /v1/language": {"text": "Where is my parcel?"},
        "POST /v1/snippets": {
            "shortcut": uuid4().hex, "name": "n", "bodies": {"en": "Hello"},
        },
        "POST /v1/articles": {"titles": {"en": "t"}, "bodies": {"en": "b"}},
        "POST /v1/macros": {"name": uuid4().hex, "steps": [{"do": "note", "text": "n"}]},
        "POST /v1/cases/{id}/macros/{macro}": {"expected_last_item": 0},
        "PATCH /v1/snippets/{id}": {"name": "m"},
        "PATCH /v1/articles/{id}": {"url": "https://help.example/a"},
        "PATCH /v1/macros/{id}": {"steps": [{"do": "solve"}]},
        "PUT /v1/demo": {"paused": True},
        "POST /v1/demo/acts": {"act": "mail"},
    }.get(operation, {})  # fmt: skip
