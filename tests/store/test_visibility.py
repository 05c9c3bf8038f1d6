"""The twin: the SQL condition and the pure decision name the same Cases, for random worlds."""

import random
from uuid import UUID

from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.person import person

from polyphony.domain.ids import IdentityId
from polyphony.domain.permission import SYSTEM, Scope, finds, listed, sees
from polyphony.store import inbox, knowledge, people
from polyphony.store.database import Session
from polyphony.store.visibility import listed_for, visible_to

ROLES = ("agent", "supervisor", "admin", "auditor")


async def _ids(session: Session, condition: str, params: dict[str, object]) -> set[UUID]:
    found = await session.execute(f"SELECT c.id FROM case_ c WHERE {condition}", params)
    return {row[0] for row in await found.fetchall()}


async def test_rows_and_decision_agree_for_random_people_and_cases(session: Session) -> None:
    chance = random.Random(20)
    places = [
        await department(session, visibility=chance.choice(["open", "open", "sealed"]))
        for _ in range(5)
    ]
    agents = [await agent(session, one.id) for one in places]
    ends = [await account(session, one.id) for one in places]
    somebody = await customer(session)
    cases = []
    for _ in range(60):
        n = chance.randrange(5)
        await session.execute("UPDATE agent_load SET routed_units = 0")  # rights, not capacity
        holder = chance.choice([None, None, chance.choice(agents)])
        cases.append(
            await case(
                session, places[n], ends[n], somebody, agent=holder,
                visibility=chance.choice(["open", "open", "sealed"]),
            )
        )  # fmt: skip
    crowd = list(agents)
    for _ in range(30):
        roles = chance.sample(ROLES, chance.randint(1, 3))
        where = [one.id for one in chance.sample(places, chance.randint(0, 3))]
        made = await person(session, roles=roles, departments=where)
        if chance.random() < 0.5:
            await session.execute(
                "UPDATE person_role SET department_id = %s WHERE person_id = %s AND role = %s",
                [chance.choice(places).id, made, roles[0]],
            )
        crowd.append(made)
    ids = [one.id for one in cases]
    facts = await inbox.facts(session, ids)
    mine = {"mine": ids}
    for scope in [*(await people.scopes(session, crowd)).values(), SYSTEM]:
        condition, params = visible_to(scope)
        found = await _ids(session, f"c.id = ANY(%(mine)s) AND {condition}", params | mine)
        assert found == {one for one in ids if sees(scope, facts[one])}
        condition, params = listed_for(scope)
        shown = await _ids(session, f"c.id = ANY(%(mine)s) AND {condition}", params | mine)
        assert shown <= found
        if scope is not SYSTEM:
            assert {facts[one].department for one in shown} <= listed(scope)


async def test_a_customer_reaches_no_row(session: Session) -> None:
    visitor = Scope("customer", identity=IdentityId(UUID(int=1)))
    assert visible_to(visitor) == ("FALSE", {})
    assert listed_for(visitor) == ("FALSE", {})


async def test_role_limits_are_read_as_they_are_stored(session: Session) -> None:
    place = await department(session)
    made = await person(session, roles=["supervisor", "agent"], departments=[place.id])
    await session.execute(
        "UPDATE person_role SET department_id = %s WHERE person_id = %s AND role = 'supervisor'",
        [place.id, made],
    )
    scope = (await people.scopes(session, [made]))[made]
    assert {(role.key, where) for role, where in scope.role_departments} == {
        ("supervisor", place.id)
    }


async def test_snippets_are_found_by_sql_and_by_decision_alike(session: Session) -> None:
    chance = random.Random(12)
    places = [
        await department(session, visibility=chance.choice(["open", "open", "sealed"]))
        for _ in range(4)
    ]
    crowd = [await agent(session, one.id) for one in places]
    for _ in range(20):
        roles = chance.sample(ROLES, chance.randint(1, 3))
        where = [one.id for one in chance.sample(places, chance.randint(0, 2))]
        crowd.append(await person(session, roles=roles, departments=where))
    for number in range(60):
        kind = chance.choice(["all", "department", "personal"])
        owner = chance.choice(crowd) if kind == "personal" else None
        where = chance.choice(places).id if kind == "department" else None
        await session.execute(
            "INSERT INTO snippet (id, shortcut, name, scope, person_id, department_id)"
            " VALUES (gen_random_uuid(), %s, 'n', %s, %s, %s)",
            [f"s{number}", kind, owner, where],
        )
    everything = await knowledge.usable(session, knowledge.SNIPPET, SYSTEM)
    assert len(everything) >= 60
    for scope in (await people.scopes(session, crowd)).values():
        found = {one["id"] for one in await knowledge.usable(session, knowledge.SNIPPET, scope)}
        wanted = {one["id"] for one in everything if finds(scope, knowledge.shelf_of(one))}
        assert found == wanted
    visitor = Scope("customer", identity=IdentityId(UUID(int=1)))
    assert await knowledge.usable(session, knowledge.SNIPPET, visitor) == []
