"""Search over real rows: found by any spelling, only what may be seen, in an order that stays."""

import random
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import Case, case
from tests.make.customer import Customer, customer
from tests.make.department import Department, department
from tests.make.moment import AT, new_id
from tests.make.person import person

from polyphony.domain.ids import IdentityId
from polyphony.domain.permission import SYSTEM, Scope, hears, sees
from polyphony.domain.search_query import parse
from polyphony.flows import index, search
from polyphony.flows.search import Answer
from polyphony.store import inbox, people, search_hits, search_index
from polyphony.store import search as typed
from polyphony.store.database import Session
from polyphony.store.search_hits import Place


async def indexed(session: Session) -> None:
    await search_index.refill(session)
    while await index.fill(session):
        pass


async def ask(
    session: Session, text: str, scope: Scope = SYSTEM, before: Place | None = None, limit: int = 50
) -> Answer:
    return await search.search(session, scope, parse(text), before, limit)


async def texts(session: Session, text: str, scope: Scope = SYSTEM) -> list[str]:
    return [one.text.text for one in (await ask(session, text, scope)).items if one.kind != "case"]


class Desk:
    """One department with a mailbox and a customer."""

    def __init__(self, place: Department, box: UUID, who: Customer) -> None:
        self.place, self.box, self.who = place, box, who

    async def wrote(self, session: Session, text: str, *, days: int = 0, title: str = "x") -> Case:
        made = await case(session, self.place, self.box, self.who, text=text)
        at = AT - timedelta(days=days)
        await session.execute(
            "UPDATE message SET at = %s, subject = %s WHERE id = %s", [at, title, made.message]
        )
        await session.execute(
            "UPDATE case_ SET opened_at = %s, title = %s WHERE id = %s", [at, title, made.id]
        )
        return made


async def desk(session: Session, name: str = "Žofie Щербакова") -> Desk:
    place = await department(session)
    return Desk(place, await account(session, place.id), await customer(session, name=name))


async def test_words_are_found_in_any_spelling_and_place(session: Session) -> None:
    made = await desk(session)
    whole = "Příliš žluťoučký kůň pana Щербакова zaplatil fakturu č. 2026-0815."
    one = await made.wrote(session, whole, title="Reklamace trouby")
    await made.wrote(session, "Szczerbakowa nie ma w domu")
    await session.execute("INSERT INTO file (sha256, size) VALUES ('s', 1)")
    await session.execute(
        "INSERT INTO message_file (id, message_id, ordinal, sha256, name, media_type, size)"
        " VALUES (%s, %s, 0, 's', 'Výpis_z_účtu.pdf', 'application/pdf', 1)",
        [new_id(), one.message],
    )
    await indexed(session)
    for query in (
        "zlutoucky", "ŽLUŤOUČ", '"zlutoucky kun"', "Щербаков*", "shcherbakova", "ščerbakova",
        "fakturu 2026-0815", "kun -koza", "vypis_z_uctu", "reklamac", "has:file kun",
        "kind:in channel:email kun",
    ):  # fmt: skip
        assert whole in await texts(session, query), query
    for query in ('"kun zlutoucky"', "zluto ", "kun -fakturu", "kind:note kun", "-has:file kun"):
        assert whole not in await texts(session, query), query
    both = await texts(session, "Щербакова")
    assert len(both) == 2  # Latin text is found by Cyrillic words too
    told = (await ask(session, "zlut* vypis")).items[0]
    assert [told.text.text[a:b] for a, b in told.text.marks] == ["žluťoučký"]
    assert told.files[0].text == "Výpis_z_účtu.pdf"
    assert [one.id for one in (await ask(session, "zofie")).customers] == [made.who.id]


async def test_filters_name_things_and_say_what_they_did_not_understand(session: Session) -> None:
    made = await desk(session, "Karel Vomáčka")
    other = await desk(session, "Jiná Osoba")
    jana = await agent(session, made.place.id, name="Jana Nová")
    old = await made.wrote(session, "stejná slova", days=40)
    await other.wrote(session, "stejná slova jinde")
    await session.execute(
        "INSERT INTO message (id, interaction_id, position, kind, author_kind, author_id,"
        " author_name, text, at) VALUES (%s, %s, 99999, 'note', 'person', %s, 'Jana Nová',"
        " 'stejná poznámka', %s)",
        [new_id(), old.interaction, jana, AT],
    )
    await session.execute("UPDATE case_ SET state = 'solved' WHERE id = %s", [old.id])
    await indexed(session)
    scope = (await people.scopes(session, [jana]))[jana]
    day = (AT - timedelta(days=40)).date().isoformat()
    for query, found in (
        (f"stejna from:{day} to:{day}", ["stejná slova"]),
        ("stejna customer:vomacka kind:in", ["stejná slova"]),
        (f"stejna -customer:{made.who.id}", ["stejná slova jinde"]),
        ("stejna agent:jana", ["stejná poznámka"]),
        (f"stejna department:{other.place.id}", ["stejná slova jinde"]),
        ("stejna -state:solved", ["stejná slova jinde"]),
        ("state:solved kind:in", ["stejná slova"]),
    ):
        assert await texts(session, query, scope) == found, query
    lost = await ask(session, "stejna department:nowhere", scope)
    assert [one.value for one in lost.unknown] == ["nowhere"]
    assert lost.items == []
    assert lost.count == 0


async def test_newer_comes_first_and_words_in_the_subject_count_as_a_month(
    session: Session,
) -> None:
    made = await desk(session)
    for text, days, title in (
        ("jablko dnes", 0, "x"), ("včera psal", 20, "Jablko"), ("dávno psal", 50, "Jablko"),
        ("jablko minulý týden", 7, "x"),
    ):  # fmt: skip
        await made.wrote(session, text, days=days, title=title)
    await indexed(session)
    found = (await ask(session, "jablko kind:in")).items
    assert [one.text.text for one in found] == [
        "včera psal", "jablko dnes", "jablko minulý týden", "dávno psal",
    ]  # fmt: skip
    assert found[0].at == AT - timedelta(days=20)


async def test_pages_hold_still_while_more_comes_and_reach_the_end_through_every_window(
    session: Session,
) -> None:
    made = await desk(session)
    chance = random.Random(5)
    cases = [
        await made.wrote(session, "hruška zde" if n % 3 else "nic", days=chance.randrange(3000),
                         title="Hruška" if n % 7 == 0 else "x")
        for n in range(90)
    ]  # fmt: skip
    await indexed(session)
    whole = {one.id for one in (await ask(session, "hruska", limit=200)).items}
    assert len(whole) == sum(1 + (n % 7 == 0) for n in range(90) if n % 3 or n % 7 == 0)
    small = search_hits.WALK, search_hits.CHUNK
    search_hits.WALK, search_hits.CHUNK = 10, 4
    try:
        seen: list[UUID] = []
        place: Place | None = None
        while True:
            page = await ask(session, "hruska", before=place, limit=7)
            seen += [one.id for one in page.items]
            if page.place is None:
                break
            place = page.place
            await made.wrote(session, "hruška navíc")  # newer: belongs to no later page
            await indexed(session)
    finally:
        search_hits.WALK, search_hits.CHUNK = small
    assert len(seen) == len({*seen})
    assert {*seen} == whole
    assert len(cases) == 90


async def test_nothing_leaks_to_anybody_by_any_door(session: Session) -> None:
    chance = random.Random(11)
    places = [await department(session, visibility=v) for v in ("open", "open", "sealed", "sealed")]
    crowd = [await agent(session, one.id) for one in places]
    boxes = [await account(session, one.id) for one in places]
    made: list[Case] = []
    whispers: dict[UUID, tuple[UUID, UUID]] = {}
    for n in range(40):
        at = chance.randrange(4)
        await session.execute("UPDATE agent_load SET routed_units = 0")
        who = await customer(session, name=f"Tajný Zákazník{n}")
        made.append(
            await case(
                session, places[at], boxes[at], who, text=f"heslo tajemstvi{n}",
                agent=chance.choice([None, None, chance.choice(crowd)]),
                visibility=chance.choice(["open", "open", "sealed"]),
            )
        )  # fmt: skip
        note, author, to = new_id(), chance.choice(crowd), chance.choice(crowd)
        whispers[note] = (author, to)
        await session.execute(
            "INSERT INTO message (id, interaction_id, position, kind, author_kind, author_id,"
            " text, facts, at) VALUES (%s, %s, %s, 'note', 'person', %s, 'heslo šeptané',"
            " jsonb_build_object('whisper_to', %s::text), %s)",
            [note, made[-1].interaction, 100_000 + n, author, str(to), AT],
        )
    hidden = made[0].message
    await session.execute("UPDATE message SET hidden = true WHERE id = %s", [hidden])
    for roles in (["supervisor"], ["auditor"], ["admin"], ["agent", "supervisor"]):
        where = [one.id for one in chance.sample(places, 2)]
        crowd.append(await person(session, roles=roles, departments=where))
    await indexed(session)
    facts = await inbox.facts(session, [one.id for one in made])
    note_of = {note: one.id for note, one in zip(whispers, made, strict=True)}
    leaks = 0
    for who_, scope in (await people.scopes(session, crowd)).items():
        seen = {one.id for one in made if sees(scope, facts[one.id])}
        wanted = {one.message for one in made if one.id in seen} - {hidden}
        wanted |= {
            note for note, between in whispers.items()
            if note_of[note] in seen
            and hears(scope, facts[note_of[note]].department, [*between])
        }  # fmt: skip
        page = await ask(session, "heslo", scope)
        assert {one.id for one in page.items} == wanted, who_
        assert page.count == len(wanted)
        for n, one in enumerate(made):  # a secret word: no count, no mark, no name, no suggestion
            found = await ask(session, f"tajemstvi{n} ", scope)
            known = await ask(session, f"Zákazník{n} ", scope)
            may = one.id in seen
            leaks += bool(found.items or found.count) and not (may and one.message != hidden)
            leaks += bool(known.customers or known.items) and not may
            leaks += bool(await typed.customers(session, scope, f"Zákazník{n}")) and not (
                may or n < 4  # "Zákazník1" is a part of "Zákazník12"
            )
            leaks += one.id in await typed.cases(session, scope, f"Zákazník{n}") and not may
    assert leaks == 0
    assert (
        await ask(session, "heslo", Scope("customer", identity=IdentityId(UUID(int=1))))
    ).items == []


async def test_what_is_gone_hidden_or_changed_is_not_found(session: Session) -> None:
    made = await desk(session)
    one = await made.wrote(session, "ostružina")
    await indexed(session)
    await session.execute("UPDATE message SET text = 'malina' WHERE id = %s", [one.message])
    await index.index(session, {"message": [one.message]})
    assert await texts(session, "ostruzina") == []
    assert await texts(session, "malina") == ["malina"]
    await session.execute("UPDATE message SET hidden = true WHERE id = %s", [one.message])
    await index.index(session, {"message": [one.message]})
    assert await left(session, [one.message]) == 0
    await session.execute("UPDATE message SET hidden = false WHERE id = %s", [one.message])
    await indexed(session)
    assert await left(session, [one.message]) == 1
    await session.execute("DELETE FROM message WHERE id = %s", [one.message])
    assert await left(session, [one.message]) == 0
    assert await search_index.strays(session, 100) == 0


async def left(session: Session, ids: Sequence[UUID]) -> int:
    found = await session.execute("SELECT count(*) FROM search_doc WHERE id = ANY(%s)", [list(ids)])
    row = await found.fetchone()
    return int(row[0]) if row else 0
