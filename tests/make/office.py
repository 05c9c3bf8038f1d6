"""An office: Jana holds a Case of a customer, Petr is her colleague; both are signed in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import Case, case
from tests.make.customer import Customer, customer
from tests.make.department import Department, department
from tests.make.desk import Person, Running, running

from polyphony.store.database import Database, Session


class Office:
    """Two colleagues at a running desk."""

    desk: Running
    database: Database
    jana: Person
    petr: Person
    case: Case

    async def furnish(self, session: Session, care: Department, writer: Customer) -> None:
        """What else a test wants to stand there before the desk runs."""


Kind = TypeVar("Kind", bound=Office)


@asynccontextmanager
async def opened(made: Kind, database: Database, tmp_path: Path) -> AsyncIterator[Kind]:
    """Furnish an office and run its desk."""
    made.database = database
    async with database.transaction() as session:
        care = await department(session)
        ids = [await agent(session, care.id, name=name) for name in ("Jana", "Petr")]
        box = await account(session, care.id)
        writer = await customer(session, name="Olga Němcová", level=2)
        made.case = await case(session, care, box, writer, agent=ids[0])
        await made.furnish(session, care, writer)
    async with running(database, tmp_path) as made.desk:
        made.jana, made.petr = [await made.desk.signed_in(one) for one in ids]
        yield made
