"""T5, T18, T21, T26: files that would run, names that would climb, races, redirects that leave."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import Case, case
from tests.make.customer import customer
from tests.make.department import Department, department
from tests.make.desk import Person, Running, running

from polyphony.store.database import Database

SCRIPT = b"<script>fetch('https://evil.example')</script>"
POLYGLOTS = {
    "a.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "a.html": b"<!doctype html>" + SCRIPT,
    "a.xml": b'<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?>' + SCRIPT,
    "a.xhtml": b'<html xmlns="http://www.w3.org/1999/xhtml">' + SCRIPT + b"</html>",
    "a.pdf": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>\n" + SCRIPT,
    "a.gif": b"GIF89a/*" + SCRIPT + b"*/=1;",
    "a.png": b"\x89PNG\r\n\x1a\n" + SCRIPT,
    "a.jpg": b"\xff\xd8\xff\xe0" + SCRIPT,
    "a.js": b"alert(1)",
    "a.css": b"*{background:url(https://evil.example)}",
    "a.mht": b"MIME-Version: 1.0\nContent-Type: text/html\n\n" + SCRIPT,
    "a.swf": b"FWS\x0a" + SCRIPT,
    "a": b"\xef\xbb\xbf<html>" + SCRIPT,
    "a.txt": b"\xfe\xff\x00<\x00s\x00c",
}
CLAIMS = ("text/html", "image/svg+xml", "application/xml", "text/javascript", "image/png", "x")
NAMES = (
    *("../../etc/passwd", "..\\..\\boot.ini", "/etc/shadow", "C:\\x", "a\u0000.txt", "a\r\nX: y"),
    *(
        "\u202egpj.exe",
        "con",
        "aux.txt",
        ".htaccess",
        "~/.ssh/id",
        "%2e%2e%2f",
        "....//",
        "a" * 4000,
    ),
    *("", " ", ".", "..", "a/b/c", '"; filename="b.html', "č\u0301.txt", "\u2066x\u2069", "*?<>|"),
)


class Place:
    """One department with two agents at a running process."""

    desk: Running
    database: Database
    department: Department
    account: UUID
    people: list[Person]
    case: Case
    folder: Path


@pytest.fixture
async def place(database: Database, tmp_path: Path) -> AsyncIterator[Place]:
    made = Place()
    made.database, made.folder = database, tmp_path
    async with database.transaction() as session:
        made.department = await department(session)
        triage = made.department.triage
        ids = [
            await agent(session, made.department.id, name=f"A{n}", queues=[triage], cap_max=150)
            for n in range(4)
        ]
        made.account = await account(session, made.department.id)
        made.case = await case(
            session, made.department, made.account, await customer(session), queue=triage
        )
    async with running(database, tmp_path) as made.desk:
        made.desk.web.desk.pace.burst = made.desk.web.desk.pace.per_s = 1e9
        made.people = [await made.desk.signed_in(one) for one in ids]
        yield made


async def sent_with(place: Place, ids: list[str]) -> list[dict[str, str]]:
    """Answer with uploaded files; return them as the screen gets them."""
    async with place.database.reads() as session:
        found = await session.execute("SELECT last_item FROM case_ WHERE id = %s", [place.case.id])
        last = (await found.fetchone())[0]
    sent = await place.people[0].post(
        f"/v1/interactions/{place.case.interaction}/messages",
        {"text": "see", "expected_last_item": last, "files": ids},
        **{"Idempotency-Key": str(uuid4())},
    )
    assert sent.status_code == 201, sent.text
    return sent.json()["message"]["files"]


async def test_t05_no_file_is_ever_shown_in_our_origin(place: Place) -> None:
    ids, bodies = [], []
    for n, (name, body) in enumerate(POLYGLOTS.items()):
        kind = CLAIMS[n % len(CLAIMS)]
        up = await place.people[0].http.post("/v1/files", files={"file": (name, body, kind)})
        assert up.status_code == 201, up.text
        ids.append(up.json()["id"])
        bodies.append(body)
    for one, body in zip(await sent_with(place, ids), bodies, strict=True):
        led = await place.people[0].http.get(one["url"])
        opened = await place.desk.browser().get(led.headers["location"])
        headers = opened.headers
        assert opened.content == body
        assert headers["content-disposition"].startswith("attachment"), one
        assert headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in headers["content-security-policy"]
        assert "allow-scripts" not in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]
        kind = headers["content-type"]
        assert not any(word in kind for word in ("html", "svg", "xml", "script", "pdf")), one


async def test_t18_a_file_name_is_a_label_and_never_a_place(place: Place) -> None:
    before = {one for one in place.folder.rglob("*") if one.is_file()}
    ids = []
    for n, name in enumerate(NAMES):
        quoted = "".join(f"%{byte:02x}" for byte in name.encode())
        up = await place.people[0].http.post(
            "/v1/files", content=b"data %d" % n, headers={"X-File-Name": quoted}
        )
        assert up.status_code in (201, 422), (name, up.text)
        if up.status_code == 201:
            ids.append(up.json()["id"])
            label = up.json()["name"]
            assert not set(label) & set("/\\\r\n\0\u202e\u2066\u2069"), label
    assert len(ids) > len(NAMES) // 2
    for one in [*await sent_with(place, ids[:15]), *await sent_with(place, ids[15:])]:
        led = await place.people[0].http.get(one["url"])
        opened = await place.desk.browser().get(led.headers["location"])
        assert opened.headers["content-disposition"].startswith("attachment")
        assert "x" not in opened.headers  # a name that breaks the line would bring its own header
    new = {one for one in place.folder.rglob("*") if one.is_file()} - before
    assert new
    assert all((place.folder / "files") in one.parents for one in new)


async def test_t21_an_offer_accepted_a_hundred_times_at_once_is_taken_once(place: Place) -> None:
    who = place.people[0]
    offers, items = [], []
    for _ in range(3):
        async with place.database.transaction() as session:
            made = await case(
                session, place.department, place.account, await customer(session),
                queue=place.department.triage,
            )  # fmt: skip
            offer = uuid4()
            await session.execute(
                "INSERT INTO offer (id, work_item_id, agent_id, made_at, deadline, epoch, cycle)"
                " VALUES (%s, %s, %s, now(), now() + interval '2 minutes', 0, 0)",
                [offer, made.work_item, who.id],
            )
            await session.execute(
                "UPDATE work_item SET state = 'offered', agent_id = %s, units = 5 WHERE id = %s",
                [who.id, made.work_item],
            )
            await session.execute(
                "UPDATE agent_load SET routed_units = routed_units + 5 WHERE agent_id = %s",
                [who.id],
            )
        offers.append(offer)
        items.append(made.work_item)
    for offer in offers:
        path = f"/v1/offers/{offer}/"
        acts = ["accept"] * 90 + ["decline"] * 10
        taken = 0
        for _ in range(5):
            answers = await asyncio.gather(*(who.post(path + act) for act in acts))
            found = Counter(one.status_code for one in answers)
            taken += found[200]
            assert found.keys() <= {200, 409, 503}  # 503: waited too long in line, come again
            if found[503] == 0:
                break
        assert taken == 1
    async with place.database.reads() as session:
        found = await session.execute(
            "SELECT l.routed_units, coalesce(sum(w.units) FILTER (WHERE w.state = 'in_work'), 0)"
            " FROM agent_load l LEFT JOIN work_item w ON w.agent_id = l.agent_id"
            " WHERE l.agent_id = %s GROUP BY l.routed_units",
            [who.id],
        )
        held, used = await found.fetchone()
    assert held == used


async def test_t21_work_claimed_by_everybody_at_once_has_one_holder_who_fits(place: Place) -> None:
    items = []
    for _ in range(12):
        async with place.database.transaction() as session:
            made = await case(
                session, place.department, place.account, await customer(session),
                queue=place.department.triage,
            )  # fmt: skip
        items.append(made.work_item)
    claims = [who.post(f"/v1/work_items/{item}/claim") for item in items for who in place.people]
    answers = await asyncio.gather(*claims)
    assert {one.status_code for one in answers} <= {200, 409, 503}
    async with place.database.reads() as session:
        found = await session.execute(
            "SELECT l.manual_units, l.cap_max, (SELECT coalesce(sum(units), 0) FROM work_item w"
            " WHERE w.agent_id = l.agent_id AND w.state = 'in_work') FROM agent_load l"
        )
        loads = await found.fetchall()
        found = await session.execute("SELECT count(*) FROM work_item WHERE state = 'in_work'")
        taken = (await found.fetchone())[0]
    assert all(manual == used <= most for manual, most, used in loads)
    assert 0 < taken == sum(one.status_code == 200 for one in answers) <= len(items)


OUTSIDE = (
    *("https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "///evil.x"),
    *("/%2f%2fevil.example", "http:evil.example", "javascript:alert(1)", "data:text/html,x"),
    *("/%09/evil.example", "https:/evil.example", "@evil.example", "/.//evil.x"),
    *("//evil%E3%80%82example", "/%5cevil.example", "?next=//evil.example", "#//evil.example"),
    *("..//evil.example", "index.html//evil.example", "index.html?next=https://evil.example"),
)
TURNS = ("next", "url", "to", "return", "redirect", "continue", "location", "goto", "r", "target")


async def test_t26_no_redirect_leaves_the_house(place: Place) -> None:
    led = 0
    places = ["/", "/index.html", "/demo/customer", "/v1/stream", "/docs/problems", "/widget/"]
    paths = [f"{path}?{turn}={form}" for path in places[:2] for turn in TURNS for form in OUTSIDE]
    paths += [f"{path}{form}" for path in places for form in OUTSIDE]
    paths += [f"/v1/messages/{place.case.message}/html?{turn}=//evil.example" for turn in TURNS]
    for path in paths:
        request = f"{place.desk.url}{path}"
        answer = await place.people[0].http.get(
            request, headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
        )
        # without built screens, as in a bare checkout, "/" asks to come again
        assert answer.status_code < 500 or "Retry-After" in answer.headers, path
        where = answer.headers.get("location")
        if where is not None:
            led += 1
            own = urlsplit(place.desk.url).netloc
            assert urlsplit(where).netloc in ("", own), (path, where)
            assert not where.startswith(("//", "/\\", "\\")), (path, where)
            assert urlsplit(where).scheme in ("", "http"), (path, where)
        assert "refresh" not in answer.headers
    assert led
