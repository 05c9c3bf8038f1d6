"""A database lent again is the one the migrations left; one that changed its shape is dropped."""

import psycopg
from tests.databases import Seed, Server
from tests.make.department import department
from tests.make.person import person

from polyphony.store.database import Database


def _inside(server: Server, name: str) -> Seed:
    with psycopg.connect(server.url(name, "postgres")) as link:
        return Seed.of(link)


async def test_what_a_test_left_is_gone_for_the_next_one(server: Server):
    name = server.lend()
    before = _inside(server, name)
    async with (
        Database(server.url(name), size=1) as database,
        database.transaction() as session,
    ):
        made = await department(session)
        await person(session, departments=[made.id])
        await session.execute("UPDATE role SET name = name || '!'")
        await session.execute("SELECT nextval('event_id_seq')")
    assert _inside(server, name) != before
    server.give_back(name)
    again = server.lend()
    assert again == name
    assert _inside(server, again) == before
    server.give_back(again)


def test_a_database_that_was_altered_is_not_lent_again(server: Server):
    name = server.lend()
    with psycopg.connect(server.url(name, "owner")) as link:
        link.execute("ALTER TABLE person ADD COLUMN shoes int")
    server.give_back(name)
    other = server.lend()
    assert other != name
    server.give_back(other)
