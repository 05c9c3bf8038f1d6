"""The list of customers: found without diacritics, pages join to the whole, hidden ones stay so."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import Customer, customer
from tests.make.department import department
from tests.make.moment import AT

from polyphony.domain.permission import SYSTEM
from polyphony.store import customers, people
from polyphony.store.customers import Wanted
from polyphony.store.database import Session

NAMES = ("Žofie Říhová", "Łukasz Zając", "Анна Ёлкина", "Tom Baker", "Jan Novák", "jan novak")


async def _crowd(session: Session) -> tuple[dict[str, Customer], UUID]:
    place = await department(session)
    end = await account(session, place.id)
    found = {}
    for number, name in enumerate(NAMES):
        made = await customer(session)
        await session.execute("UPDATE customer SET name = %s WHERE id = %s", [name, made.id])
        for age in range(number + 1):
            one = await case(session, place, end, made, state="solved" if age else "open")
            await session.execute(
                "UPDATE case_ SET last_at = %s WHERE id = %s",
                [AT - timedelta(days=10 * (number // 2) + age), one.id],
            )
        found[name] = made
    return found, place.id


async def _walk(session: Session, wanted: Wanted) -> list[str]:
    told: list[str] = []
    after = None
    while True:
        page = await customers.page(
            session, SYSTEM, Wanted(wanted.order, wanted.words, limit=2, after=after)
        )
        told += [one.name for one in page[:2]]
        if len(page) <= 2:
            return told
        after = (page[1].place, page[1].mark)


@pytest.mark.parametrize("order", customers.ORDERS)
async def test_pages_of_every_order_join_to_all_customers_once(session: Session, order: str):
    await _crowd(session)
    told = await _walk(session, Wanted(order))
    whole = await customers.page(session, SYSTEM, Wanted(order))
    assert told == [one.name for one in whole]
    assert sorted(told) == sorted(NAMES)


async def test_names_sort_without_diacritics_and_case(session: Session):
    await _crowd(session)
    told = await _walk(session, Wanted("name"))
    assert {told[0], told[1]} == {"Jan Novák", "jan novak"}
    assert told[2:] == ["Łukasz Zając", "Tom Baker", "Žofie Říhová", "Анна Ёлкина"]


async def test_the_newest_matter_decides_who_stands_first(session: Session):
    await _crowd(session)
    page = await customers.page(session, SYSTEM, Wanted())
    assert {one.name for one in page[:2]} == {NAMES[0], NAMES[1]}
    by_name = {one.name: one for one in page}
    assert (by_name["Tom Baker"].cases, by_name["Tom Baker"].open_cases) == (4, 1)
    assert by_name["Tom Baker"].channels == ["email"]


@pytest.mark.parametrize(
    ("words", "names"),
    [("rihova", {"Žofie Říhová"}), ("LUKASZ", {"Łukasz Zając"}), ("елкина", {"Анна Ёлкина"}),
     ("novak", {"Jan Novák", "jan novak"}), ("nobody", set()), ("100%", set())],
)  # fmt: skip
async def test_half_a_name_without_diacritics_finds(session: Session, words: str, names: set[str]):
    await _crowd(session)
    for order in customers.ORDERS:
        assert set(await _walk(session, Wanted(order, words))) == names


async def test_who_wrote_to_a_sealed_department_only_is_not_listed(session: Session):
    _, place = await _crowd(session)
    sealed = await department(session, "Sealed", visibility="sealed")
    end = await account(session, sealed.id, address="s@desk.example")
    hidden = await customer(session)
    await session.execute("UPDATE customer SET name = 'Hidden' WHERE id = %s", [hidden.id])
    await case(session, sealed, end, hidden)
    somebody = await agent(session, place)
    scope = (await people.scopes(session, [somebody]))[somebody]
    for order in customers.ORDERS:
        page = await customers.page(session, scope, Wanted(order))
        assert {one.name for one in page} == set(NAMES), order
