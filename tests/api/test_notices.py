"""Notices over HTTP: mentions, followed replies, whispers; who is told and who must not be."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import Case, case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.desk import Person, Running, cid, running
from tests.make.person import person

from polyphony.app import clock
from polyphony.flows.notify import followed, late, undelivered
from polyphony.store.database import Database


class Office:
    """Sales with Jana, Petr and their lead Eva; Olga of another department; one Case of Sales."""

    desk: Running
    database: Database
    case: Case
    jana: Person
    petr: Person
    eva: Person
    olga: Person
    sales: UUID
    sealed: Case

    async def note(self, who: Person, case: UUID | None = None, **more: object) -> tuple[int, dict]:
        body = {"text": "Please look", **more}
        path = f"/v1/cases/{case or self.case.id}/notes"
        answer = await who.post(path, body, **{"Idempotency-Key": cid()})
        return answer.status_code, answer.json()

    async def told(self, who: Person) -> list[dict]:
        return (await who.get("/v1/notices"))["items"]


@pytest.fixture
async def office(database: Database, tmp_path: Path) -> AsyncIterator[Office]:
    made = Office()
    made.database = database
    async with database.transaction() as session:
        sales = await department(session, "Sales")
        other = await department(session, "Loans")
        vault = await department(session, "Vault", visibility="sealed")
        made.sales = sales.id
        ids = [
            *[await agent(session, sales.id, name=name) for name in ("Jana", "Petr")],
            await person(session, "Eva", roles=["supervisor"], departments=[sales.id]),
            await agent(session, other.id, name="Olga"),
        ]
        box = await account(session, sales.id)
        who = await customer(session)
        made.case = await case(session, sales, box, who, agent=ids[0])
        made.sealed = await case(
            session, vault, await account(session, vault.id), who, visibility="sealed"
        )
    async with running(database, tmp_path) as made.desk:
        made.jana, made.petr, made.eva, made.olga = [await made.desk.signed_in(one) for one in ids]
        yield made


async def test_a_mention_tells_the_person_and_reading_it_counts(office):
    status, told = await office.note(office.jana, mentions=[_person(office.petr)])
    assert status == 201, told
    mentions = told["message"]["facts"]["mentions"]
    assert mentions == [{"kind": "person", "id": str(office.petr.id), "name": "Petr"}]
    [notice] = await office.told(office.petr)
    assert (notice["kind"], notice["from_name"], notice["text"]) == (
        "mention",
        "Jana",
        "Please look",
    )
    assert notice["case_id"] == str(office.case.id)
    assert notice["message_id"] == told["message"]["id"]
    assert await office.told(office.jana) == []
    answer = await office.petr.post(f"/v1/notices/{notice['id']}/read")
    assert answer.json() == {"unread": 0}
    assert (await office.petr.get("/v1/notices", unread=True))["items"] == []
    assert (await office.jana.post(f"/v1/notices/{notice['id']}/read")).status_code == 404


async def test_a_department_is_mentioned_as_all_its_members_but_the_author(office):
    wish = [{"kind": "department", "id": str(office.sales)}]
    assert (await office.note(office.jana, mentions=wish))[0] == 201
    assert len(await office.told(office.petr)) == len(await office.told(office.eva)) == 1
    assert await office.told(office.jana) == await office.told(office.olga) == []


async def test_nobody_can_be_mentioned_in_a_matter_he_does_not_see(office):
    async with office.database.transaction() as session:
        await session.execute(
            "UPDATE case_ SET visibility = 'sealed' WHERE id = %s", [office.case.id]
        )
    status, told = await office.note(office.jana, mentions=[_person(office.olga)])
    assert (status, told["code"]) == (422, "note.names_unseen")
    assert await office.told(office.olga) == []
    status, told = await office.note(office.jana, mentions=[{"kind": "person", "id": str(uuid4())}])
    assert status == 422


async def test_a_whisper_is_heard_by_the_agent_and_supervisors_and_by_nobody_else(office):
    text = "Offer him the small discount"
    status, told = await office.note(office.eva, text=text, whisper_to=str(office.jana.id))
    assert status == 201, told
    [notice] = await office.told(office.jana)
    assert notice["kind"] == "whisper"
    path = f"/v1/cases/{office.case.id}"
    for who, hears in ((office.jana, True), (office.eva, True), (office.petr, False)):
        whole = await who.get(path)
        assert (text in str(whole["messages"])) is hears
        older = await who.get(f"{path}/items", before=2**40)
        assert (text in str(older)) is hears
        assert text not in str(await who.get(f"{path}/events"))
        customer = whole["case"]["customer"]["id"]
        if not hears:
            assert text not in str(await who.get(f"/v1/customers/{customer}"))
        html = await who.http.get(f"/v1/messages/{told['message']['id']}/html")
        assert (html.status_code == 404) is not hears or html.status_code == 303
    assert text not in str(await office.told(office.petr))


async def test_a_whisper_never_shows_in_a_collision(office):
    """Who answers on an old view is told of newer lines: not of those that are not for him."""
    seen = (await office.petr.get(f"/v1/cases/{office.case.id}"))["case"]["last_item"]
    await office.note(office.eva, text="only for Jana", whisper_to=str(office.jana.id))
    await office.note(office.jana, text="for all of us")
    answer = await office.petr.post(
        f"/v1/interactions/{office.case.interaction}/messages",
        {"text": "Hello", "expected_last_item": seen},
        **{"Idempotency-Key": cid()},
    )
    assert answer.status_code == 409
    assert "for all of us" in answer.text
    assert "only for Jana" not in answer.text


async def test_only_a_supervisor_and_his_agent_whisper_to_each_other(office):
    status, told = await office.note(office.petr, whisper_to=str(office.jana.id))
    assert (status, told["code"]) == (403, "note.whisper")
    status, _ = await office.note(office.petr, whisper_to=str(office.eva.id))
    assert status == 201
    assert "Please look" not in str(
        (await office.jana.get(f"/v1/cases/{office.case.id}"))["messages"]
    )


async def test_who_is_asked_for_advice_may_answer_though_the_matter_is_not_his(office):
    wish = {"consult_with": str(office.jana.id)}
    assert (await office.note(office.olga, **wish))[0] == 403
    status, told = await office.note(office.jana, consult_with=str(office.olga.id))
    assert status == 201
    assert told["message"]["facts"]["consult"] == {"with": str(office.olga.id), "name": "Olga"}
    assert (await office.note(office.olga, text="Say yes", **wish))[0] == 201
    assert [one["text"] for one in await office.told(office.jana)] == ["Say yes"]
    assert (await office.note(office.olga, text="An ordinary note"))[0] == 403


async def test_followers_hear_of_replies_once_while_unread_and_not_of_their_own(office):
    path = f"/v1/cases/{office.case.id}/follow"
    answer = await office.petr.http.put(path)
    assert answer.json() == {
        "me": {"following": True},
        "followers": [{"id": str(office.petr.id), "name": "Petr"}],
    }
    async with office.database.transaction() as session:
        said = [(office.case.id, office.case.message, "Karel", "And now?")]
        await followed(session, said, clock.now(), office.jana.id)
        said = [(office.case.id, office.case.message, "Karel", "Hello?")]
        await followed(session, said, clock.now())
        await followed(session, said, clock.now(), office.petr.id)
    [notice] = await office.told(office.petr)
    assert (notice["kind"], notice["text"], notice["version"]) == ("followed_reply", "Hello?", 2)
    await office.petr.http.put(f"/v1/cases/{office.case.id}/read", json={"position": 2**40})
    assert (await office.petr.get("/v1/notices"))["unread"] == 0
    answer = await office.petr.http.delete(path)
    assert answer.json() == {"me": {"following": False}, "followers": []}


async def test_a_follower_who_may_see_the_case_no_longer_is_told_nothing(office):
    await office.olga.http.put(f"/v1/cases/{office.case.id}/follow")
    async with office.database.transaction() as session:
        said = [(office.case.id, office.case.message, "Karel", "open words")]
        await followed(session, said, clock.now())
        await session.execute(
            "UPDATE case_ SET visibility = 'sealed' WHERE id = %s", [office.case.id]
        )
        await followed(session, [(*said[0][:3], "secret words")], clock.now())
    assert await office.told(office.olga) == []
    assert (await office.olga.get("/v1/notices"))["unread"] == 0


async def test_targets_and_failed_answers_reach_who_works_on_them(office):
    async with office.database.transaction() as session:
        await late(session, [office.case.id], clock.now())
        await session.execute(
            "UPDATE message SET author_kind = 'person', author_id = %s WHERE id = %s",
            [office.petr.id, office.case.message],
        )
        await undelivered(session, [(office.case.message, "a@b.example")], clock.now())
    assert [one["kind"] for one in await office.told(office.jana)] == ["sla_warning"]
    [failed] = await office.told(office.petr)
    assert (failed["kind"], failed["from_name"]) == ("delivery_failed", "a@b.example")


async def test_tags_in_use_are_proposed_whatever_the_accents(office):
    await office.jana.http.patch(
        f"/v1/cases/{office.case.id}",
        json={"tags": ["Přepadené zboží", "vip"]},
        headers={"If-Match": "*"},
    )
    async with office.database.transaction() as session:
        await session.execute(
            "UPDATE case_ SET tags = '{secret}' WHERE id = %s", [office.sealed.id]
        )
    found = (await office.petr.get("/v1/tags", q="PREPAD"))["items"]
    assert [(one["name"], one["uses"]) for one in found] == [("Přepadené zboží", 1)]
    assert found[0]["colour"]
    names = {one["name"] for one in (await office.petr.get("/v1/tags"))["items"]}
    assert names == {"Přepadené zboží", "vip"}


def _person(who: Person) -> dict[str, str]:
    return {"kind": "person", "id": str(who.id)}
