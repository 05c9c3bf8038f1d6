"""The customer over HTTP: the whole picture, the filtered timeline, notes, attributes, the list."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import Case, case
from tests.make.customer import Customer, customer
from tests.make.department import department
from tests.make.desk import Person, running
from tests.make.person import person

from polyphony.store.database import Database


class Office:
    """A customer with a mail and two chats; two agents, a supervisor."""

    jana: Person
    petr: Person
    lead: Person
    who: Customer
    mail: Case
    folder: Path


@pytest.fixture
async def office(database: Database, tmp_path: Path) -> AsyncIterator[Office]:
    made = Office()
    made.folder = tmp_path
    async with database.transaction() as session:
        place = await department(session)
        box = await account(session, place.id)
        page = await account(session, place.id, kind="chat", address="pk_x")
        made.who = await customer(session, name="Žofie Říhová")
        made.mail = await case(session, place, box, made.who, text="Kde je můj balík?")
        for text in ("Dobrý den", "Ještě jednou dobrý den"):
            await case(session, place, page, made.who, channel="chat", text=text)
        ids = [await agent(session, place.id, name=name) for name in ("Jana", "Petr")]
        ids.append(await person(session, "Lead", roles=["supervisor"], departments=[place.id]))
    async with running(database, tmp_path) as desk:
        made.jana, made.petr, made.lead = [await desk.signed_in(one) for one in ids]
        yield made


async def test_the_picture_counts_and_knows_the_usual_channel(office: Office) -> None:
    told = await office.jana.get(f"/v1/customers/{office.who.id}")
    assert told["summary"]["cases"] == told["summary"]["open_cases"] == 3
    assert told["summary"]["interactions"] == 3
    assert told["usual"] == {"channel_kind": "chat", "why": "mostly", "n": 2, "of": 3}
    lines = await office.jana.get(f"/v1/customers/{office.who.id}/timeline")
    assert len(lines["items"]) == 3


@pytest.mark.parametrize(
    ("query", "texts"),
    [({"channel": "email"}, {"Kde je můj balík?"}),
     ({"channel": "chat"}, {"Dobrý den", "Ještě jednou dobrý den"}),
     ({"q": "JESTE"}, {"Ještě jednou dobrý den"}),
     ({"kind": "out"}, set()),
     ({"kind": "in", "q": "balik"}, {"Kde je můj balík?"})],
)  # fmt: skip
async def test_the_timeline_is_filtered(office: Office, query: dict, texts: set) -> None:
    told = await office.jana.get(f"/v1/customers/{office.who.id}/timeline", **query)
    assert {one["preview"] for one in told["items"]} == texts


async def test_a_foreign_cursor_or_filter_is_refused(office: Office) -> None:
    path = f"/v1/customers/{office.who.id}/timeline"
    for query in ({"cursor": "abc"}, {"kind": "call"}, {"department": "x"}):
        answer = await office.jana.http.get(path, params=query)
        assert 400 <= answer.status_code < 500, query
    first = await office.jana.get("/v1/customers", sort="name", limit=1)
    assert first["next_cursor"] is None
    assert first["items"][0]["name"] == "Žofie Říhová"


async def test_a_note_is_read_by_colleagues_and_changed_by_its_author_alone(office: Office) -> None:
    path = f"/v1/customers/{office.who.id}/notes"
    made = await office.jana.post(path, {"text": "  Speaks slowly, call after ten. "})
    assert made.status_code == 201
    note = made.json()["note"]
    assert (note["text"], note["author"]) == ("Speaks slowly, call after ten.", "Jana")
    assert (await office.jana.post(path, {"text": "   "})).status_code == 422
    assert [one["id"] for one in (await office.petr.get(path))["items"]] == [note["id"]]
    mine = f"/v1/customer_notes/{note['id']}"
    body = {"json": {"text": "Call after eleven."}}
    assert (await office.petr.http.patch(mine, **body)).status_code == 403
    changed = await office.jana.http.patch(mine, **body, headers={"If-Match": '"1"'})
    assert changed.json()["note"]["version"] == 2
    late = await office.jana.http.patch(mine, **body, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    assert (await office.petr.http.delete(mine)).status_code == 403
    assert (await office.lead.http.delete(mine)).status_code == 204
    assert (await office.jana.get(path))["items"] == []


async def test_attributes_are_set_and_taken_away_and_never_lost_to_a_race(office: Office) -> None:
    path = f"/v1/customers/{office.who.id}"
    first = await office.jana.http.patch(path, json={"attrs": {"Meter": "77", "Zone": "D25d"}})
    assert first.json()["customer"]["attrs"] == {"Meter": "77", "Zone": "D25d"}
    second = await office.jana.http.patch(path, json={"attrs": {"Zone": None}, "tier": "vip"})
    assert second.json()["customer"]["attrs"] == {"Meter": "77"}
    for language, kept in (("pl", "pl"), ("", None)):
        told = await office.jana.http.patch(path, json={"language": language})
        assert told.json()["customer"]["language"] == kept
    refused = await office.jana.http.patch(path, json={"attrs": {"<x>": "1"}})
    assert refused.status_code == 422
    assert refused.json()["code"] == "customer.attribute_name"


async def test_two_are_joined_after_a_look_ahead_and_parted_again(
    office: Office, database: Database
) -> None:
    async with database.transaction() as session:
        other = await customer(session, "zofie@private.example", name="Zofie R.")
        place = await department(session, "Billing")
        await case(session, place, await account(session, place.id, address="b@x"), other)
    wish = {"a": str(other.id), "b": str(office.who.id), "verdict": "same", "reason": "she said so"}
    ahead = (await office.jana.post("/v1/matches", wish | {"dry_run": True})).json()
    assert [len(one["open_cases"]) for one in ahead["sides"]] == [1, 3]
    (name,) = [one for one in ahead["fields"] if one["field"] == "name"]
    assert {name["value"], name["others"][0]["value"]} == {"Zofie R.", "Žofie Říhová"}
    brought = {(one["customer_id"], one["department"]): one for one in ahead["visible"]}
    assert brought[str(other.id), "Billing"]["interactions"] == 1
    assert not brought[str(other.id), "Billing"]["members_only"]
    assert (await office.jana.get(f"/v1/customers/{other.id}"))["summary"]["cases"] == 1

    done = await office.jana.post("/v1/matches", wish)
    assert done.status_code == 201, done.text
    now = done.json()["canonical_id"]
    assert now == ahead["canonical_id"]
    for id_ in (office.who.id, other.id):  # old ids go on working
        told = await office.jana.get(f"/v1/customers/{id_}")
        assert (told["canonical_id"], told["summary"]["cases"]) == (now, 4)
        lines = await office.jana.get(f"/v1/customers/{id_}/timeline")
        assert len(lines["items"]) == 4
        assert (await office.jana.get(f"/v1/customers/{id_}/notes"))["items"] == []
    listed = await office.jana.get("/v1/customers")
    assert [one["id"] for one in listed["items"]] == [now]
    why = await office.jana.get(f"/v1/customers/{now}/why")
    assert {one["source_key"] for one in why["records"]} >= {"zofie@private.example"}
    (link,) = why["links"]
    assert (link["reason"], link["by"], link["other_id"]) == ("she said so", "Jana", None)
    twice = await office.jana.post("/v1/matches", wish)
    assert (twice.status_code, twice.json()["code"]) == (409, "match.one_customer")

    path = f"/v1/matches/{link['id']}/revoke"
    parted = await office.petr.post(path, {"reason": "two sisters"})
    assert set(parted.json()["customers"]) == {str(office.who.id), str(other.id)}
    assert (await office.petr.post(path)).json()["code"] == "match.revoked"
    ruled = await office.jana.post("/v1/matches", wish | {"verdict": "different"})
    assert ruled.status_code == 201
    refused = await office.jana.post("/v1/matches", wish | {"dry_run": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "match.different")
    far = (await office.jana.get(f"/v1/customers/{other.id}/why"))["links"]
    assert [(one["verdict"], one["other"]) for one in far if not one["revoked_at"]] == [
        ("different", "Žofie Říhová")
    ]

    feed = await office.jana.get("/v1/customers/changes", limit=1)
    assert (feed["items"][0]["kind"], feed["more"]) == ("merge", True)
    assert feed["items"][0]["undone_by"]
    feed = await office.jana.get("/v1/customers/changes", cursor=feed["cursor"])
    assert [one["kind"] for one in feed["items"]] == ["split"]
    assert set(feed["items"][0]["after"]) == {str(office.who.id), str(other.id)}
    feed = await office.jana.get("/v1/customers/changes", cursor=feed["cursor"])
    assert feed["items"] == []


async def test_nobody_joins_whom_he_may_not_know(office: Office, database: Database) -> None:
    async with database.transaction() as session:
        sealed = await department(session, "Sealed", visibility="sealed")
        hidden = await customer(session)
        await case(session, sealed, await account(session, sealed.id, address="s@x"), hidden)
        insider = await agent(session, sealed.id, name="In")
    wish = {"a": str(office.who.id), "b": str(hidden.id), "verdict": "same"}
    for body in (wish, wish | {"dry_run": True}, wish | {"verdict": "different"}):
        assert (await office.jana.post("/v1/matches", body)).status_code == 404
    async with running(database, office.folder) as desk:
        within = await desk.signed_in(insider)
        done = await within.post("/v1/matches", wish)
        assert done.status_code == 201, done.text
        kept = await within.get("/v1/customers/" + done.json()["canonical_id"])
        assert kept["summary"]["cases"] == 4
    told = await office.jana.get(f"/v1/customers/{hidden.id}")
    assert told["summary"]["cases"] == 3, "what is sealed stays sealed inside the joined one"
    why = await office.jana.get(f"/v1/customers/{hidden.id}/why")
    assert sum(one["cases"] for one in why["records"]) == 3
