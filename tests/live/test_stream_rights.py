"""Rights on the open line: who is signed out, moved or sealed out hears nothing more, at once."""

import asyncio
from pathlib import Path

import pytest
from tests.live.dialling import World, dial
from tests.make.desk import running
from tests.make.person import person

from polyphony.domain.event import Actor, NewEvent, Op
from polyphony.flows.announce import announce
from polyphony.store import events
from polyphony.store.database import Database
from polyphony.store.projections import audiences


async def test_an_ended_session_loses_its_socket_at_once(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        jana = await desk.signed_in(world.agent)
        line = await dial(desk, jana)
        began = asyncio.get_running_loop().time()
        assert (await jana.http.delete("/v1/sign_ins/current")).status_code == 204
        assert await line.end() == 4401
        assert asyncio.get_running_loop().time() - began < 5


async def test_a_session_ended_without_any_event_loses_its_socket_in_five_seconds(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        jana = await desk.signed_in(world.agent)
        line = await dial(desk, jana)
        async with database.transaction() as session:
            await session.execute(
                "UPDATE sign_in SET ended_at = now() WHERE id = %s", [jana.session_id]
            )
        assert await line.end(5) == 4401


async def test_a_role_that_is_taken_away_stops_the_next_event(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        async with database.transaction() as session:
            admin = await person(session, "Root", roles=["admin"])
        root = await desk.signed_in(admin)
        line = await dial(desk, root)
        await world.touch(database, "seen")
        await line.event("case.changed")
        async with database.transaction() as session:
            await session.execute("DELETE FROM person_role WHERE person_id = %s", [admin])
            told = NewEvent(
                "person.grants_changed", Op.FACT, "person", admin, None, [f"person:{admin}"]
            )
            await events.append(session, [told])
        await world.touch(database, "hidden")
        reset = await line.next("reset")
        assert reset["reason"] == "grants"
        with pytest.raises(TimeoutError):
            await line.event("case.changed", seconds=1)


async def test_a_membership_that_changes_resets_its_department_and_queues_only(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        line = await dial(desk, await desk.signed_in(world.agent))

        async def change(*statements: str) -> None:
            async with database.transaction() as session:
                for one in statements:
                    await session.execute(one, {"me": world.agent, "to": world.second.id})
                told = NewEvent(
                    "person.grants_changed", Op.FACT, "person", world.agent, None,
                    [f"person:{world.agent}"],
                )  # fmt: skip
                await events.append(session, [told])

        await change("INSERT INTO member (person_id, department_id) VALUES (%(me)s, %(to)s)")
        reset = await line.next("reset")
        assert (reset["scope"], reset["reason"]) == (f"dept:{world.second.id}", "grants")
        await change("INSERT INTO person_role (person_id, role) VALUES (%(me)s, 'supervisor')")
        assert (await line.next("reset"))["scope"] == "all"
        await change(
            "DELETE FROM member WHERE person_id = %(me)s AND department_id = %(to)s",
            "INSERT INTO member (person_id, department_id) VALUES (%(me)s, %(to)s)",
        )
        assert (await line.next("reset"))["scope"] == "all"  # it was another in between


@pytest.mark.parametrize("asleep", [True, False])
async def test_rights_that_went_and_came_back_fetch_anew_what_was_told_to_others_meanwhile(
    database: Database, tmp_path: Path, world: World, *, asleep: bool
) -> None:
    """The same rights as before say nothing about the time between."""
    async with running(database, tmp_path) as desk:
        async with database.transaction() as session:
            admin = await person(session, "Root", roles=["admin"])
        root, told = await desk.signed_in(admin), "person.grants_changed"
        began = await root.get("/v1/bootstrap", view="all")
        place = {"cursor": began["cursor"], "grants": began["grants"]}
        line = None if asleep else await dial(desk, root, **place)
        async with database.transaction() as session:  # at once: a line sees only the end of it
            for seal in ("sealed", "open"):
                await session.execute("UPDATE department SET visibility = %s", [seal])
                event = NewEvent(told, Op.FACT, "person", admin, None, [f"person:{admin}"])
                await events.append(session, [event])
        line = line or await dial(desk, root, **place)
        assert (await line.next("reset"))["reason"] == "grants"


async def test_a_sealed_case_leaves_the_screen_of_an_outsider_who_had_it_open(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        eva = await desk.signed_in(world.other)
        line = await dial(desk, eva, topics=[f"case:{world.case.id}"])
        await world.touch(database, "open")
        assert (await line.event("case.changed"))["op"] == "upsert"
        async with database.transaction() as session:
            was = await audiences(session, [world.case.id])
            await session.execute(
                "UPDATE case_ SET visibility = 'sealed', version = version + 1 WHERE id = %s",
                [world.case.id],
            )
            await announce(session, actor=Actor(), cases=[world.case.id], was=was)
        assert (await line.event("case.changed"))["op"] == "gone"
        assert (await eva.http.get(f"/v1/cases/{world.case.id}")).status_code == 404
        await world.touch(database, "secret")
        with pytest.raises(TimeoutError):
            await line.event("case.changed", seconds=1)
