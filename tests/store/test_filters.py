"""The twin: a filter tree as SQL and as a pure decision name the same Cases, for random trees."""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.filters import facts_of
from tests.make.moment import new_id

from polyphony.domain.filter import FIELDS, OPERATORS, Context, holds, read
from polyphony.domain.fold import fold
from polyphony.store import filters, inbox, projections
from polyphony.store.database import Session

NOW = datetime(2026, 3, 29, 14, 30, tzinfo=UTC)
TITLES = (
    "Žádost o půjčku",
    "Zadost o pujcku",
    "Złota karta 100%",
    "Заявка на ёлку",
    "Straße_7",
    "",
)
PARTS = ("puj", "ZŁOTA", "елк", "strasse", "100%", "_7", "26 ", "90", "\\", "ж", "Нов", "novak")
NAMES = ("Jiří Novák", "Anna Wiśniewska", "Пётр Новый", "")
LANGUAGES = (None, "cs", "pl", "ru")
TAGS = ("loan", "vip", "žádost", "late")
MOMENTS = (
    "now", "now-1h", "now+3h", "today", "today-1d", "today+1d", "week", "month", "now-2d",
    "2026-03-29", "2026-03-28", "2026-03-29T12:00:00Z", "2026-03-30T01:00:00+02:00",
)  # fmt: skip
SPANS = ("30m", "1h", "1d", "2w")
ZONES = ("UTC", "Europe/Prague", "America/New_York", "Asia/Kolkata", "Nowhere/Land")


class World:
    """Sixty Cases of every kind, and what trees may ask for."""

    async def build(self, session: Session, chance: random.Random) -> "World":
        places = [await department(session) for _ in range(2)]
        self.agents = [await agent(session, one.id) for one in places]
        self.places, self.queues = [one.id for one in places], [one.triage for one in places]
        self.customers, self.ids = [], []
        for _ in range(60):
            where = chance.randrange(2)
            end = await account(session, places[where].id, kind=chance.choice(["email", "chat"]))
            whose = await customer(session)
            self.customers.append(whose.id)
            held = chance.choice([None, None, self.agents[where]])
            await session.execute("UPDATE agent_load SET routed_units = 0")
            made = await case(
                session, places[where], end, whose, agent=held,
                queue=chance.choice([None, places[where].triage]),
                channel=chance.choice(["email", "chat"]), text=chance.choice(TITLES),
            )  # fmt: skip
            self.ids.append(made.id)
            await self._vary(session, made.id, whose.id, made.work_item, chance)
        self.me = self.agents[0]
        return self

    async def _vary(
        self,
        session: Session,
        id_: UUID,
        whose: UUID,
        work: UUID | None,
        chance: random.Random,
    ) -> None:
        def near() -> datetime:
            return NOW + timedelta(minutes=chance.randrange(-60 * 60, 60 * 36))

        state = chance.choice(FIELDS["state"].words)
        await session.execute(
            "UPDATE case_ SET title = %s, state = %s, priority = %s, language = %s, tags = %s,"
            " opened_at = %s, last_at = %s, due_at = %s, last_staff = %s, owner_id = %s"
            " WHERE id = %s",
            [
                chance.choice(TITLES), state, chance.choice(FIELDS["priority"].words),
                chance.choice(LANGUAGES), chance.sample(TAGS, chance.randrange(3)),
                near(), near(), chance.choice([None, near()]), chance.choice([0, 10**9]),
                chance.choice([None, *self.agents]), id_,
            ],
        )  # fmt: skip
        await session.execute(
            "UPDATE customer SET name = %s, tier = %s WHERE id = %s",
            [chance.choice(NAMES), chance.choice(FIELDS["tier"].words), whose],
        )
        for type_ in chance.sample(["first_response", "next_response", "resolution"], 2):
            state = chance.choice(["running", "paused", "breached", "met", "cancelled"])
            await session.execute(
                "INSERT INTO sla_clock (id, case_id, type, state, calendar_id, target_ms, due_at)"
                " SELECT %s, %s, %s, %s, id, 1, %s FROM calendar LIMIT 1",
                [new_id(), id_, type_, state, None if state == "paused" else near()],
            )
        if work and chance.random() < 0.3:
            await session.execute(
                "UPDATE work_item SET state = 'parked', agent_id = NULL, wake_at = %s"
                " WHERE id = %s",
                [near(), work],
            )
        if chance.random() < 0.3:
            await session.execute("UPDATE case_ SET help = '{}' WHERE id = %s", [id_])
        if chance.random() < 0.5:
            await session.execute(
                "INSERT INTO case_read (case_id, person_id, position)"
                " SELECT %s, %s, last_customer - %s FROM case_ WHERE id = %s",
                [id_, self.agents[0], chance.randrange(2), id_],
            )

    def tree(self, chance: random.Random, depth: int = 0) -> dict[str, object]:
        how = chance.choice(["all", "any", "not", "test", "test", "test"])
        if depth == 3 or how == "test":
            return self._test(chance)
        if how == "not":
            return {"not": self.tree(chance, depth + 1)}
        return {how: [self.tree(chance, depth + 1) for _ in range(chance.randrange(4))]}

    def _test(self, chance: random.Random) -> dict[str, object]:
        name = chance.choice(list(FIELDS))
        kind = FIELDS[name].kind
        op = chance.choice(OPERATORS[kind])
        if op in ("empty", "not_empty"):
            return {"field": name, "op": op}
        if kind == "flag":
            return {"field": name, "op": op, "value": chance.random() < 0.5}
        known = self._words(name, kind)
        many = op in ("in", "not_in")
        value = [chance.choice(known) for _ in range(chance.randint(1, 3))] if many else None
        return {"field": name, "op": op, "value": value or chance.choice(known)}

    def _words(self, name: str, kind: str) -> list[str]:
        known = {
            "moment": MOMENTS, "span": SPANS, "text": PARTS, "tags": TAGS,
            "language": LANGUAGES[1:], "channel": ("email", "chat"), "department": self.places,
            "queue": self.queues, "customer": self.customers[:3],
            "person": ("me", *self.agents), "persons": ("me", *self.agents),
        }  # fmt: skip
        found = known.get(name) or known.get(kind) or FIELDS[name].words
        return [str(one) for one in found]


async def test_sql_and_the_evaluator_agree_for_random_trees(session: Session) -> None:
    chance = random.Random(3)
    world = await World().build(session, chance)
    cases = await projections.cases(session, world.ids)
    items = await projections.work_items(session, await inbox.live_work(session, world.ids))
    reads = await session.execute(
        "SELECT case_id, position FROM case_read WHERE person_id = %s", [world.me]
    )
    read_to = dict(await reads.fetchall())
    facts = {
        id_: facts_of(
            cases[id_],
            [one for one in items.values() if one["case_id"] == str(id_)],
            read_to.get(id_, 0),
        )
        for id_ in world.ids
    }
    some = 0
    for _ in range(400):
        given = world.tree(chance)
        context = Context(NOW, world.me, chance.choice(ZONES))
        node = read(given)
        condition, params = filters.condition(node, context)
        found = await session.execute(
            f"SELECT c.id FROM case_ c WHERE c.id = ANY(%(ids)s) AND {condition}",
            {**params, "ids": world.ids},
        )
        rows = {row[0] for row in await found.fetchall()}
        expected = {id_ for id_ in world.ids if holds(node, facts[id_], context)}
        assert rows == expected, given
        some += 0 < len(rows) < len(world.ids)
    assert some > 200  # trees that tell Cases apart, not all or nothing


async def test_folding_is_the_same_in_sql_for_every_letter_of_europe(session: Session) -> None:
    letters = [
        chr(code)
        for start, end in ((0x20, 0x250), (0x300, 0x370), (0x370, 0x530), (0x1E00, 0x2000))
        for code in range(start, end)
    ]
    words = ["".join(letters[n : n + 7]) for n in range(0, len(letters), 7)]
    found = await session.execute(
        "SELECT given, folded(given) FROM unnest(%s::text[]) AS given", [words]
    )
    wrong = [
        (given, got, fold(given)) for given, got in await found.fetchall() if got != fold(given)
    ]
    assert wrong == []
