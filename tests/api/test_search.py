"""Search over HTTP: from a message that was written to the page that shows it, and how late."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.make.desk import cid
from tests.make.moment import AT
from tests.make.office import Office, opened

from polyphony.flows import follow, index
from polyphony.store.database import Database


@pytest.fixture
async def office(database: Database, tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(Office(), database, tmp_path) as made:
        yield made


async def followed(database: Database) -> None:
    more = True
    while more:
        async with database.transaction() as session:
            more = await follow.turn(session, index.CONSUMER, AT)


async def test_what_is_written_is_found_marked_and_paged_and_the_lag_is_told(
    office: Office,
) -> None:
    jana = office.jana
    await followed(office.database)  # begins, and fills in what is there
    await followed(office.database)
    found = await jana.get("/v1/search", q="parcel")
    assert {one["kind"] for one in found["items"]} == {"in", "case"}
    assert found["index"] == {"lag_s": 0.0, "filling": False, "filling_to": None}
    for n in range(3):
        answer = await jana.post(
            f"/v1/cases/{office.case.id}/notes",
            {"text": f"Příště žádat doklad, {n}. upomínka"},
            **{"Idempotency-Key": cid()},
        )
        assert answer.status_code == 201, answer.text
    late = await jana.get("/v1/search", q="doklad")
    assert late["items"] == []
    assert late["index"]["lag_s"] >= 0
    await followed(office.database)
    first = await jana.get("/v1/search", q="zadat dokl kind:note", limit=2)
    assert first["count"] == {"value": 0, "more": False}  # "dokl" is not the last word
    first = await jana.get("/v1/search", q="kind:note zadat dokl", limit=2)
    assert first["count"] == {"value": 3, "more": False}
    assert first["filters"] == [
        {"key": "kind", "value": "note", "excluded": False, "begin": 0, "end": 9, "label": "note"}
    ]
    one = first["items"][0]
    assert [one["text"]["text"][a:b] for a, b in one["text"]["marks"]] == ["žádat", "doklad"]
    assert one["case_id"] == str(office.case.id)
    rest = await jana.get(
        "/v1/search", q="kind:note zadat dokl", limit=2, cursor=first["next_cursor"]
    )
    assert len(rest["items"]) == 1
    assert rest["next_cursor"] is rest["count"] is None
    people = await jana.get("/v1/search", q="nemcov")
    assert people["customers"][0]["name"] == {"text": "Olga Němcová", "marks": [[5, 12]]}
    hints = await jana.get("/v1/search/suggestions", q="nemcov")
    assert hints["cases"][0]["id"] == str(office.case.id)


async def test_a_query_that_asks_for_nothing_or_a_foreign_cursor_is_refused(
    office: Office,
) -> None:
    for query in ("q=a", "q=-parcel", "q=parcel&cursor=AAAA", f"q={'x' * 301}"):
        answer = await office.jana.http.get(f"/v1/search?{query}")
        assert answer.status_code == (410 if "cursor" in query else 422), query
    lost = await office.jana.get("/v1/search", q="xx department:none")
    assert lost["unknown"] == [{"key": "department", "value": "none"}]
