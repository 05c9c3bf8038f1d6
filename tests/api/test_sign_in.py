"""Signing in: password, second factor, one-time links, throttle, cookies, CSRF, enumeration."""

from pathlib import Path

from tests.make.desk import running
from tests.make.person import person

from polyphony.app import clock
from polyphony.domain import password
from polyphony.flows import sign_in
from polyphony.store import people
from polyphony.store.database import Database

SECRET = "a horse that nobody guesses"


async def _somebody(database: Database, email: str = "jana@desk.example") -> object:
    async with database.transaction() as session:
        made = await person(session, "Jana")
        await session.execute("UPDATE person SET email = %s WHERE id = %s", [email, made])
        await people.set_password(session, made, password.digest(SECRET, b"0" * 16))
    return made


async def test_a_person_signs_in_is_known_and_signs_out(database: Database, tmp_path: Path) -> None:
    made = await _somebody(database)
    async with running(database, tmp_path) as desk:
        http = desk.browser()
        answer = await http.post(
            "/v1/sign_ins", json={"email": "Jana@Desk.example ", "password": SECRET}
        )
        assert answer.status_code == 201, answer.text
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert answer.json()["person"]["id"] == str(made)
        who = await http.get("/v1/sign_ins/current")
        assert who.json()["csrf"] == answer.json()["csrf"]
        without = await http.delete("/v1/sign_ins/current")
        assert without.status_code == 403
        out = await http.delete(
            "/v1/sign_ins/current", headers={"X-Polyphony-CSRF": answer.json()["csrf"]}
        )
        assert out.status_code == 204
        assert "Clear-Site-Data" in out.headers
        assert (await http.get("/v1/sign_ins/current")).status_code == 401


async def test_the_first_link_opens_the_house_once(database: Database, tmp_path: Path) -> None:
    async with database.transaction() as session:
        path = await sign_in.first_link(session, clock.now())
    assert path is not None
    async with running(database, tmp_path) as desk:
        http = desk.browser()
        first = await http.post("/v1/sign_ins/link", json={"token": path.removeprefix("#/link/")})
        assert first.status_code == 201, first.text
        assert set(first.json()["person"]["roles"]) == {"admin", "agent", "supervisor"}
        again = await http.post("/v1/sign_ins/link", json={"token": path})
        assert again.status_code == 401
        assert again.json()["code"] == "sign_in.link_refused"
        began = await http.get("/v1/bootstrap")
        assert began.status_code == 200, began.text
        assert began.json()["me"]["roles"]
