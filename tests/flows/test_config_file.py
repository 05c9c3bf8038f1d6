"""Configuration as a file: what is written out, taken in and written out again is the same."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.make.moment import AT
from tests.make.person import person

from polyphony.domain.errors import Conflict
from polyphony.domain.event import Actor
from polyphony.flows.config_file.apply import apply, diff
from polyphony.flows.config_file.export import present
from polyphony.flows.config_file.revert import revert
from polyphony.flows.config_file.shape import File
from polyphony.flows.config_file.text import Faulty, read, write
from polyphony.store import changes
from polyphony.store.database import Database

EXAMPLE = (Path(__file__).parent / "config_file" / "example.yaml").read_text(encoding="utf-8")

words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")),
    min_size=1,
    max_size=12,
).filter(lambda text: text.strip() == text and " / " not in text and text.strip("/ "))
ROOT = "root@x.example"
ODD = ("no", "12:30", "2026-12-24", "null", "1e3", "0x1f", "~")
texts = st.one_of(words, st.sampled_from(ODD))
levels = st.integers(1, 5)
languages = st.dictionaries(
    st.sampled_from(["en", "cs", "pl", "ru"]), st.text("ab\n :#'č", max_size=9)
)
frames = st.sampled_from([[], ["08:00-12:00"], ["08:00-12:00", "12:30-17:00"]])


@st.composite
def files(draw: Any) -> File:
    """A whole configuration in which every name stands for something."""
    calendars = draw(st.lists(texts, min_size=1, max_size=3, unique=True))
    departments = draw(st.lists(texts, min_size=1, max_size=2, unique=True))
    skills = draw(st.lists(st.sampled_from(["lang.cs", "law", "no", "12"]), unique=True))
    brands = draw(st.lists(texts, max_size=2, unique=True))
    queues = {f"{one} / Triage": {} for one in departments}
    for one in draw(st.lists(texts.filter(lambda text: text != "Triage"), max_size=2, unique=True)):
        queues[f"{draw(st.sampled_from(departments))} / {one}"] = {
            "calendar": draw(st.none() | st.sampled_from(calendars)),
            "weight_milli": draw(st.integers(10, 100_000)),
            "sticky": draw(st.sampled_from(["off", "prefer", "require"])),
            "decline_reasons": draw(st.lists(texts, max_size=2)),
            "targets": {"email": {"first_response_s": draw(st.integers(1, 9999))}},
            "signature": draw(st.none() | languages),
            "requirements": [{"skill": key, "min_level": draw(levels)} for key in skills],
        }
    named = st.sampled_from(sorted(queues))
    maybe = st.none() | st.sampled_from(brands) if brands else st.none()
    return File.model_validate(
        {
            "version": 1,
            "calendars": {
                name: {
                    "zone": draw(st.sampled_from(["UTC", "Europe/Prague"])),
                    "frames": {"mon": draw(frames), "sun": draw(frames)},
                    "exceptions": {"2026-12-24": draw(frames)},
                }
                for name in calendars
            },
            "skills": {key: {"kind": "topic", "name": draw(languages)} for key in skills},
            "brands": {
                name: {"signature": draw(languages), "footer": draw(st.text("a\n: ", max_size=9))}
                for name in brands
            },
            "departments": {
                name: {"calendar": draw(st.sampled_from(calendars))} for name in departments
            },
            "queues": queues,
            "accounts": {
                "email info@x.example": {
                    "name": draw(texts),
                    "department": draw(st.sampled_from(departments)),
                    "default_queue": draw(st.none() | named),
                    "brand": draw(maybe),
                    "settings": {"imap_host": "imap.x.example", "imap_port": 993, "on": True},
                }
            },
            "people": {
                "eva@x.example": {
                    "name": draw(texts),
                    "roles": {"agent": "everywhere", "supervisor": departments},
                    "departments": departments,
                    "agent": {
                        "department": departments[0],
                        "skills": {key: draw(levels) for key in skills},
                        "queues": {draw(named): draw(st.integers(1, 9))},
                    },
                }
            },
            "rules": [{"id": draw(texts), "when": "language == 'no'", "queue": draw(named)}],
        }
    )


async def taken(database: Database, text: str) -> tuple[str, list[str]]:
    """Take a file in beside nothing else; return what is written out, and what is left to do."""
    async with database.transaction() as session:
        root = Actor("person", await person(session, "Root", roles=["admin"], email=ROOT))
        found = read(text)
        await apply(session, found, AT, root)
        out = write((await present(session)).file)
        left = [one.name for one in await diff(session, read(out))]
        await session.rollback()
    return out, left


def bare(text: str) -> File:
    """A file without the person who takes it in, and in one order."""
    file = read(text).file
    people = {key: one for key, one in (file.people or {}).items() if key == "eva@x.example"}
    return file.model_copy(update={"people": people})


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_out_in_and_out_again_is_the_same(data: Any) -> None:
    file = data.draw(files())
    assert read(write(file)).file == file


async def test_files_of_every_shape_survive_the_tables(database: Database) -> None:
    found: list[File] = []

    @settings(
        max_examples=12,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(files())
    def collect(file: File) -> None:
        found.append(file)

    collect()
    for file in found:
        text = write(file)
        out, left = await taken(database, text)
        assert left == []
        again, _ = await taken(database, out)
        assert again == out
        same = bare(out)
        assert same.queues == file.queues
        assert same.people == file.people
        assert same.model_dump() == file.model_dump()


async def test_the_example_is_taken_in_and_says_what_it_did(database: Database) -> None:
    async with database.transaction() as session:
        root = Actor("person", await person(session, "Root", roles=["admin"]))
        told = await apply(session, read(EXAMPLE), AT, root)
        assert {(one.section, one.op) for one in told} >= {("queues", "add"), ("rules", "add")}
        assert await diff(session, read(EXAMPLE)) == []
        other = EXAMPLE.replace("weight_milli: 1500", "weight_milli: 2000")
        changed = await apply(session, read(other), AT, root)
        assert [(one.name, one.fields) for one in changed] == [
            ("Customer care / Billing", (("weight_milli", 1500, 2000),))
        ]
        row = await (
            await session.execute("SELECT how, before->'weight_milli', after->'weight_milli'"
                                  " FROM config_history ORDER BY no DESC LIMIT 1")
        ).fetchone()  # fmt: skip
        assert row == ("import", 1500, 2000)


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("version: 1", "version: 2", 2, "config.literal_error"),
        ("calendar: Office", "calendar: Ofice", 17, "config.unknown_name"),
        ("visibility: open", "visiblity: open", 18, "config.extra_forbidden"),
        ("weight_milli: 1500", "weight_milli: heavy", 23, "config.int_parsing"),
        ("zone: Europe/Prague", "zone: Europe/Parague", 4, "calendar.zone"),
        ("delivery: push", "delivery: [push", 25, "config.syntax"),
        ("    agent: everywhere", "    agent: everywhere\n      agent: []", 36, "config.twice"),
        ("language == 'cs'", "langage == 'cs'", 44, "rule.unknown_variable"),
    ],
)
async def test_every_fault_names_its_line(
    database: Database, old: str, new: str, line: int, code: str
) -> None:
    assert old in EXAMPLE
    async with database.transaction() as session:
        root = Actor("person", await person(session, "Root", roles=["admin"]))
        with pytest.raises(Faulty) as refused:
            await apply(session, read(EXAMPLE.replace(old, new)), AT, root)
        await session.rollback()
    faults = refused.value.facts["faults"]
    assert isinstance(faults, list)
    assert [(one["line"], one["code"]) for one in faults][:1] == [(line, code)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "a",
        "&a [*a]",
        "version: 1\nrules: *x",
        "? [1]\n: 2",
        "!!python/object:os.x {}",
        "\t",
    ],
)
def test_what_is_no_file_is_refused(text: str) -> None:
    with pytest.raises(Faulty):
        read(text)


SHELVES = """\
version: 1
calendars:
  Office: {zone: Europe/Prague, frames: {mon: [08:00-16:00]}, holidays: CZ, worked: [hus]}
roles:
  front_desk: {name: Front desk, note: At the door, rights: [take, write]}
departments:
  Sales: {calendar: Office}
queues:
  Sales / Calls: {}
people:
  eva@x.example:
    name: Eva
    roles: {front_desk: everywhere}
    departments: [Sales]
    agent: {department: Sales, channels: [email, chat]}
snippets:
  hello: {name: Hello, bodies: {en: 'Hello {{customer.first_name}}'}}
  Sales / price: {name: Price, bodies: {en: See the list, cs: Viz ceník}, channels: [email]}
macros:
  Hand over:
    steps:
    - {do: queue, queue_id: '@queues/Sales / Calls'}
  Sales / Close:
    steps:
    - {do: solve, disposition: solved}
views:
  Hot: {filter: {all: []}, colour: bad, sort: newest}
  Sales / Ours: {filter: {all: []}}
"""


async def test_what_a_file_changes_stands_in_the_history_and_can_be_taken_back(
    database: Database,
) -> None:
    async with database.transaction() as session:
        root = Actor("person", await person(session, "Root", roles=["admin"]))
        await apply(session, read(SHELVES), AT, root)
        changed = SHELVES
        for old, new in (
            ("At the door", "Inside"), ("See the list", "Ask us"), ("colour: bad", "colour: good"),
            ("disposition: solved", "disposition: other"), ("worked: [hus]", "worked: []"),
        ):  # fmt: skip
            assert old in changed
            changed = changed.replace(old, new)
        told = await apply(session, read(changed), AT, root)
        news = [one for one in await changes.page(session, limit=50) if one.before]
        assert [(one.noun, one.how, one.name) for one in reversed(news)] == [
            ("calendar", "import", "Office"), ("role", "import", "front_desk"),
            ("snippet", "import", "Price"), ("macro", "import", "Close"), ("view", "import", "Hot"),
        ]  # fmt: skip
        assert len(told) == len(news)
        for one in news:
            await revert(session, one.id, root, AT)
        assert await diff(session, read(SHELVES)) == []
        for one in await changes.page(session, limit=50):
            if one.before is None and one.noun in {"snippet", "macro", "view"}:
                await revert(session, one.id, root, AT)
        out = read(write((await present(session)).file)).file
        assert (out.snippets, out.macros, out.views) == (None, None, None)
        gone = [one for one in await changes.page(session, limit=50) if one.after is None]
        assert len(gone) == 6
        for one in gone:
            await revert(session, one.id, root, AT)
        assert await diff(session, read(SHELVES)) == []
        with pytest.raises(Conflict):  # it is there again: there is nothing to bring back
            await revert(session, gone[0].id, root, AT)
        await session.rollback()


async def test_roles_snippets_macros_views_and_holidays_go_out_and_come_in(
    database: Database,
) -> None:
    async with database.transaction() as session:
        root = Actor("person", await person(session, "Root", roles=["admin"]))
        told = await apply(session, read(SHELVES), AT, root)
        assert {one.section for one in told} >= {"roles", "snippets", "macros", "views"}
        assert await diff(session, read(SHELVES)) == []
        out = write((await present(session)).file)
        assert "@queues/Sales / Calls" in out
        assert "holidays: CZ" in out
        assert await diff(session, read(out)) == []
        changed = SHELVES.replace("At the door", "Inside").replace("See the list", "Ask us")
        told = await apply(session, read(changed), AT, root)
        assert {(one.section, one.op) for one in told} == {
            ("roles", "change"), ("snippets", "change"),
        }  # fmt: skip
        for wrong, line in (
            (SHELVES.replace("Sales / Calls'}", "Sales / Nowhere'}"), 20),
            (SHELVES.replace("rights: [take, write]", "rights: [fly]"), 5),
            (SHELVES.replace("{front_desk: everywhere}", "{nobody: everywhere}"), 13),
            ("version: 1\nroles:\n  agent: {name: Agent, rights: [write]}\n", 3),
        ):
            async with session.transaction(force_rollback=True):
                with pytest.raises(Faulty) as refused:
                    await apply(session, read(wrong), AT, root)
            assert refused.value.facts["faults"][0]["line"] == line, refused.value.facts
        await session.rollback()
