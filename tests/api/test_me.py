"""The settings of a person: kept entry by entry, told in the bootstrap, nonsense refused."""

from pathlib import Path
from typing import get_args

from tests.make.desk import running
from tests.make.person import person

from polyphony.api.me import Kind
from polyphony.domain.preference import DEFAULTS, NOTIFY
from polyphony.store.database import Database

PATH = "/v1/me/settings"


def test_the_interface_takes_exactly_the_kinds_there_are() -> None:
    assert set(get_args(Kind)) == set(NOTIFY)


async def test_settings_are_changed_entry_by_entry_and_told_at_the_start(
    database: Database, tmp_path: Path
) -> None:
    async with database.transaction() as session:
        jana, petr = await person(session, "Jana"), await person(session, "Petr")
    async with running(database, tmp_path) as desk:
        me = await desk.signed_in(jana)
        assert (await me.http.get(PATH)).json()["theme"] == DEFAULTS["theme"]
        first = {"theme": "dark", "panels": {"list": 400}, "keys": {"solve": "y"}}
        assert (await me.http.patch(PATH, json=first)).status_code == 200
        second = {
            "panels": {"side": 320},
            "notify": {"offer": {"sound": False}},
            "quiet": {"from": "22:00", "to": "07:00", "days": [0, 1]},
        }
        told = (await me.http.patch(PATH, json=second)).json()
        assert told["theme"] == "dark"
        assert told["panels"] == {"list": 400, "side": 320}
        offer = {"screen": True, "sound": False, "os": True, "email": False}
        assert told["notify"]["offer"] == offer
        boot = (await me.http.get("/v1/bootstrap", params={"view": "mine"})).json()
        assert boot["settings"]["person"] == told
        awake = (await me.http.patch(PATH, json={"quiet": None})).json()
        assert awake["quiet"] is None
        other = await desk.signed_in(petr)
        assert (await other.http.get(PATH)).json()["theme"] == DEFAULTS["theme"]


async def test_nonsense_is_refused_and_changes_nothing(database: Database, tmp_path: Path) -> None:
    async with database.transaction() as session:
        jana = await person(session, "Jana")
    async with running(database, tmp_path) as desk:
        me = await desk.signed_in(jana)
        before = (await me.http.get(PATH)).json()
        for body in (
            {"theme": "pink"}, {"font_scale": 400}, {"nonsense": 1}, {"keys": {"solve": "Alt+s"}},
            {"keys": {"solve": "y", "note": "y"}}, {"panels": {"a b": 300}}, {"panels": {"a": 1}},
            {"quiet": {"from": "25:00", "to": "07:00"}}, {"notify": {"gossip": {"os": True}}},
            {"keys": {f"k{number}": f"F{number}" for number in range(200)}}, {"keys": "y"}, [],
        ):  # fmt: skip
            answer = await me.http.patch(PATH, json=body)
            assert answer.status_code in (400, 422), body
        assert (await me.http.get(PATH)).json() == before
