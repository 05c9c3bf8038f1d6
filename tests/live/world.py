"""What happens while screens look on: the doors of the product, and what only SQL can do yet."""

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from tests.live.client import Client
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import Case, case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.desk import Person
from tests.make.person import person

from polyphony.app import clock
from polyphony.domain.event import Actor
from polyphony.flows.announce import announce
from polyphony.store.database import Database
from polyphony.store.projections import audiences

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

ROLES = (["agent"], ["agent", "supervisor"], ["auditor"], ["agent", "auditor"], ["supervisor"])


class World:
    """Three departments (one sealed), six people, some Cases, and what happens to them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.cases: list[UUID] = []
        self.done: dict[str, int] = {}
        self.doing = ""

    async def build(self) -> "World":
        async with self.database.transaction() as session:
            self.departments = [
                await department(session, f"D{n}", visibility=seal)
                for n, seal in enumerate(("open", "open", "sealed"))
            ]
            ids = [one.id for one in self.departments]
            self.account = await account(session, ids[0])
            self.people = [
                await agent(session, ids[n], name=f"a{n}", queues=[self.departments[n].triage])
                for n in range(3)
            ]
            self.people += [
                await person(session, "S", roles=["supervisor"], departments=ids[:2]),
                await person(session, "M", roles=["admin"]),
                await person(session, "A", roles=["auditor"], departments=ids[2:]),
            ]
            for where in self.departments:
                for _ in range(2):
                    made = await case(
                        session, where, self.account, await customer(session), queue=where.triage
                    )
                    self.cases.append(made.id)
        return self

    def open(self, clients: list[Client]) -> None:
        """Give the world its people: they act by the same sessions their screens use."""
        self.clients = clients
        self.saved: dict[int, tuple[Any, ...]] = {}

    async def act(self, what: str, n: int, m: int) -> None:
        one, self.doing = self.cases[n % len(self.cases)], what
        doing: Callable[..., Awaitable[object]] = getattr(self, "_" + what)
        await doing(one, n, m)

    # ── by the doors of the product ─────────────────────────────────────────────────────────────

    def _who(self, m: int) -> Person:
        """Mostly somebody who may."""
        return self.clients[(3, 0, 1, 3, 2, 3, 5)[m % 7]].who

    async def _ask(
        self, who: Person, method: str, path: str, body: object = None
    ) -> dict[str, Any]:
        headers = {"Idempotency-Key": str(uuid4())}
        answer = await who.http.request(method, f"/v1/{path}", json=body or {}, headers=headers)
        assert answer.status_code < 500, f"{method} {path}: {answer.text}"
        good = answer.status_code < 300
        if good:
            self.done[self.doing] = self.done.get(self.doing, 0) + 1
        return answer.json() if good and answer.content else {}

    async def _touch(self, one: UUID, n: int, m: int) -> None:
        await self._ask(self._who(m), "PATCH", f"cases/{one}", {"title": f"title {n}.{m}"})

    async def _race(self, one: UUID, n: int, m: int) -> None:
        await asyncio.gather(*(self._touch(one, k, m) for k in range(4)))

    async def _note(self, one: UUID, n: int, m: int) -> None:
        await self._ask(self._who(m), "POST", f"cases/{one}/notes", {"text": f"note {n}"})

    async def _state(self, one: UUID, n: int, m: int) -> None:
        moves = ("solve", "reopen", "ask", "resume", "discard", "restore", "close")
        await self._ask(self._who(n + m), "POST", f"cases/{one}/moves", {"move": moves[m % 7]})

    async def _merge(self, one: UUID, n: int, m: int) -> None:
        other = self.cases[m % len(self.cases)]
        await self._ask(self._who(m), "POST", f"cases/{one}/merge", {"into": str(other)})

    async def _unmerge(self, one: UUID, n: int, m: int) -> None:
        merged = await self._rows("SELECT id FROM case_ WHERE state = 'merged' ORDER BY id")
        if merged:
            id_ = merged[n % len(merged)][0]
            await self._ask(self._who(m), "POST", f"cases/{id_}/unmerge")

    async def _split(self, one: UUID, n: int, m: int) -> None:
        found = await self._rows(
            "SELECT case_id, (array_agg(id ORDER BY id))[1] FROM interaction GROUP BY case_id"
            " HAVING count(*) > 1 ORDER BY case_id"
        )
        if found:
            id_, strip = found[n % len(found)]
            body = {"interaction_ids": [str(strip)]}
            made = await self._ask(self._who(m), "POST", f"cases/{id_}/split", body)
            if made:
                self.cases.append(UUID(made["case"]["id"]))

    async def _join(self, one: UUID, n: int, m: int) -> None:
        """Two customers become one, or are kept apart."""
        found = await self._rows(
            "SELECT DISTINCT r.customer_id FROM case_ c JOIN record r ON r.id = c.record_id"
            " ORDER BY 1"
        )
        a, b = (str(found[k % len(found)][0]) for k in (n, m))
        verdict = "different" if (n + m) % 5 == 0 else "same"
        await self._ask(self._who(m), "POST", "matches", {"a": a, "b": b, "verdict": verdict})

    async def _part(self, one: UUID, n: int, m: int) -> None:
        found = await self._rows(
            "SELECT id FROM link WHERE revoked_at IS NULL AND tier = 'human' ORDER BY id"
        )
        if found:
            id_ = found[n % len(found)][0]
            await self._ask(self._who(m), "POST", f"matches/{id_}/revoke")

    async def _transfer(self, one: UUID, n: int, m: int) -> None:
        queue = self.departments[n % 3].triage
        target = {"queue_id": str(queue)} if m % 3 else {"agent_id": str(self.people[n % 3])}
        await self._work(one, m, "transfer", target)

    async def _claim(self, one: UUID, n: int, m: int) -> None:
        await self._work(one, (1, 2, 4)[m % 3], "claim", {})

    async def _return(self, one: UUID, n: int, m: int) -> None:
        await self._work(one, m, "return", {})

    async def _snooze(self, one: UUID, n: int, m: int) -> None:
        until = (clock.now() + timedelta(days=1 + n)).isoformat()
        whom = ("date", "customer", "third_party")[m % 3]
        await self._work(one, m, "park", {"until": until, "for": whom})

    async def _awake(self, one: UUID, n: int, m: int) -> None:
        await self._work(one, m, "wake", {})

    async def _finish(self, one: UUID, n: int, m: int) -> None:
        await self._work(one, m, "finish", {"case_move": "solve"} if m % 2 else {})

    async def _assign(self, one: UUID, n: int, m: int) -> None:
        await self._work(one, 0, "assign", {"agent_id": str(self.people[m % 3])})

    async def _work(self, one: UUID, m: int, what: str, body: dict[str, object]) -> None:
        found = await self._rows(
            "SELECT w.id, w.agent_id FROM work_item w JOIN interaction i ON i.id = w.interaction_id"
            f" WHERE i.case_id = '{one}' AND w.state NOT IN ('done', 'cancelled')"
        )
        for id_, holder in found:
            who = self._who(m)
            if holder in self.people and m % 2:
                who = self.clients[self.people.index(holder)].who
            await self._ask(who, "POST", f"work_items/{id_}/{what}", body)

    async def _answer(self, one: UUID, n: int, m: int) -> None:
        """Take or refuse what was offered."""
        for id_, whom in await self._rows("SELECT id, agent_id FROM offer WHERE state = 'offered'"):
            who = self.clients[self.people.index(whom)].who
            await self._ask(who, "POST", f"offers/{id_}/{('accept', 'decline')[m % 2]}")

    async def _rights(self, one: UUID, n: int, m: int) -> None:
        """Another department, another role: sight is gained and lost."""
        places = [str(self.departments[k].id) for k in range(3) if (m >> k) & 1]
        body = {"roles": ROLES[n % len(ROLES)], "departments": places}
        await self._manage("PATCH", f"people/{self.people[(0, 1, 2, 3, 5)[m % 5]]}", body)

    async def _seals(self, one: UUID, n: int, m: int) -> None:
        seal = {"visibility": ("open", "sealed")[m % 2]}
        await self._manage("PATCH", f"departments/{self.departments[n % 3].id}", seal)

    async def _members(self, one: UUID, n: int, m: int) -> None:
        chosen = [{"agent_id": str(self.people[k])} for k in range(3) if (m >> k) & 1]
        await self._manage("PUT", f"queues/{self.departments[n % 3].triage}/members", chosen)

    async def _manage(self, method: str, path: str, body: object = None) -> None:
        await self._ask(self.clients[4].who, method, path, body)

    async def _disable(self, one: UUID, n: int, m: int) -> None:
        await self._manage("POST", f"people/{self.people[n % 6]}/disable")

    async def _enable(self, one: UUID, n: int, m: int) -> None:
        client = self.clients[n % 6]
        await self._manage("POST", f"people/{client.who.id}/enable")
        client.who, client.out = await client.desk.signed_in(client.who.id), False

    async def _presence(self, one: UUID, n: int, m: int) -> None:
        status = ("online", "offline", "break")[m % 3]
        await self._ask(self.clients[n % 3].who, "PUT", "presence", {"status": status})

    # ── the screens ─────────────────────────────────────────────────────────────────────────────

    async def _drop(self, one: UUID, n: int, m: int) -> None:
        await self.clients[n % 6].hang_up()

    async def _wait(self, one: UUID, n: int, m: int) -> None:
        await asyncio.gather(*(one.hear(0.02) for one in self.clients if m % 2 or n % 2))

    async def _save(self, one: UUID, n: int, m: int) -> None:
        self.saved[n % 6] = self.clients[n % 6].remember()

    async def _rewind(self, one: UUID, n: int, m: int) -> None:
        if n % 6 in self.saved:
            await self.clients[n % 6].wake_with(self.saved[n % 6])

    # ── what no door does yet ───────────────────────────────────────────────────────────────────

    async def _move(self, one: UUID, n: int, m: int) -> None:
        await self._change(one, "department_id = %s", self.departments[m % 3].id)

    async def _seal(self, one: UUID, n: int, m: int) -> None:
        await self._change(one, "visibility = %s", ("open", "sealed")[m % 2])

    async def _born(self, one: UUID, n: int, m: int) -> None:
        where = self.departments[m % 3]
        async with self.database.transaction() as session:
            queue = where.triage if n % 4 else None
            made: Case = await case(
                session, where, self.account, await customer(session), queue=queue
            )
            items = [made.work_item] if made.work_item else []
            await announce(session, actor=Actor(), cases=[made.id], work_items=items)
        self.cases.append(made.id)

    async def _change(self, one: UUID, change: str, value: object) -> None:
        async with self.database.transaction() as session:
            await session.execute("SELECT FROM case_ WHERE id = %s FOR UPDATE", [one])
            was = await audiences(session, [one])
            await session.execute(
                f"UPDATE case_ SET {change}, version = version + 1 WHERE id = %s", [value, one]
            )
            found = await session.execute(
                "UPDATE work_item w SET version = w.version + 1 FROM interaction i"
                " WHERE i.id = w.interaction_id AND i.case_id = %s"
                " AND w.state NOT IN ('done', 'cancelled') RETURNING w.id",
                [one],
            )
            items = [row[0] for row in await found.fetchall()]
            await announce(session, actor=Actor(), cases=[one], work_items=items, was=was)

    async def _rows(self, query: str) -> list[Any]:
        async with self.database.reads() as session:
            return await (await session.execute(query)).fetchall()

    async def mark(self, word: str) -> None:
        """Say something that every screen hears."""
        async with self.database.transaction() as session:
            await session.execute(
                "UPDATE agent_presence SET reason = %s, version = version + 1 WHERE agent_id = %s",
                [word, self.people[0]],
            )
            await announce(session, actor=Actor(), presences=[self.people[0]])
