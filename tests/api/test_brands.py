"""Brands over HTTP: kept, signed, drawn, used by accounts; only logos are public."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.make.desk import Person, Running, running
from tests.make.person import person
from tests.threats.bodies import PNG

from polyphony.domain.brand import picture_kind
from polyphony.store.database import Database


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> AsyncIterator[Running]:
    async with running(database, tmp_path) as made:
        yield made


@pytest.fixture
async def root(desk: Running) -> Person:
    async with desk.database.transaction() as session:
        admin = await person(session, "Root", roles=["admin", "agent"])
    return await desk.signed_in(admin)


async def test_a_brand_is_made_changed_with_the_version_seen_and_removed(root: Person) -> None:
    made = await root.post(
        "/v1/brands", {"name": "Energy", "colour": "#0a7c66", "signature": {"cs": "S pozdravem"}}
    )
    assert made.status_code == 201, made.text
    path, tag = f"/v1/brands/{made.json()['id']}", {"If-Match": made.headers["etag"]}
    assert (await root.post("/v1/brands", {"name": "Energy"})).status_code == 409
    changed = await root.http.patch(path, json={"footer": "IČO 1"}, headers=tag)
    assert (changed.json()["footer"], changed.json()["signature"]) == (
        "IČO 1",
        {"cs": "S pozdravem"},
    )
    assert (await root.http.patch(path, json={"name": "x"}, headers=tag)).status_code == 412
    assert (await root.http.delete(path, headers=tag)).status_code == 412
    assert (await root.http.delete(path)).status_code == 204
    assert (await root.get("/v1/brands"))["items"] == []


async def test_a_brand_in_use_stays_and_a_queue_signs_by_itself(root: Person) -> None:
    brand = (await root.post("/v1/brands", {"name": "Used"})).json()
    department = (await root.post("/v1/departments", {"name": "Mail"})).json()
    account = {
        "kind": "chat",
        "name": "Web",
        "address": "pk_x",
        "department_id": department["id"],
        "brand_id": brand["id"],
    }
    made = await root.post("/v1/channel_accounts", account)
    assert made.json()["brand_id"] == brand["id"]
    refused = await root.http.delete(f"/v1/brands/{brand['id']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "brand.in_use")
    queue = f"/v1/queues/{department['triage_queue']}"
    signed = await root.http.patch(queue, json={"signature": {"en": "Yours, Triage"}})
    assert signed.json()["signature"] == {"en": "Yours, Triage"}
    assert (await root.http.patch(queue, json={"signature": None})).json()["signature"] is None


async def test_a_logo_is_a_picture_and_opens_for_anybody(desk: Running, root: Person) -> None:
    brand = (await root.post("/v1/brands", {"name": "Drawn"})).json()
    path = f"/v1/brands/{brand['id']}/logo"
    for wrong in (b"<svg onload=alert(1)>", b"MZ\x90\x00", PNG + b"x" * 600_000):
        refused = await root.http.put(path, content=wrong)
        assert refused.status_code in (413, 415, 422), refused.text
    given = await root.http.put(path, files={"file": ("logo.png", PNG, "image/png")})
    assert given.status_code == 200, given.text
    sha256 = given.json()["logo_sha256"]
    stranger = desk.browser()
    shown = await stranger.get(f"/content/logos/{sha256}")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
    assert "sandbox" in shown.headers["content-security-policy"]
    assert shown.content == PNG
    assert (await root.http.delete(path)).json()["logo_sha256"] is None
    for gone in (sha256, "0" * 64, "x"):
        assert (await stranger.get(f"/content/logos/{gone}")).status_code == 404


def test_pictures_are_known_by_their_bytes() -> None:
    assert picture_kind(PNG) == "image/png"
    assert picture_kind(b"RIFF....WEBPVP8 ") == "image/webp"
    assert picture_kind(b"<svg") is None
