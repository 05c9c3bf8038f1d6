"""Migrations run once, in order, one process at a time, and are never edited afterwards."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from polyphony.store import migrate
from polyphony.store.migrate import MigrationChanged, known, pending, statements


@pytest.fixture
def url(server, request):
    """An empty database of the owner."""
    name = f"empty_{abs(hash(request.node.name))}"
    server.run(sql.SQL("CREATE DATABASE {} OWNER owner").format(sql.Identifier(name)))
    yield server.url(name, "owner")
    server.drop(name)


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.sql").write_text(text)
    return folder


def look(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as link:
        return link.execute(query.encode()).fetchall()


def test_files_run_in_order_once_and_are_remembered(url, tmp_path):
    write(tmp_path, _0002_pre_b="ALTER TABLE a ADD n int;", _0001_pre_a="CREATE TABLE a ();")
    for path in tmp_path.glob("_*"):
        path.rename(tmp_path / path.name[1:])
    assert [step.name for step in pending(url, tmp_path)] == ["0001_pre_a", "0002_pre_b"]
    assert migrate.migrate(url, None, tmp_path) == ["0001_pre_a", "0002_pre_b"]
    assert migrate.migrate(url, None, tmp_path) == []
    assert look(url, "SELECT name FROM migration ORDER BY 1") == [("0001_pre_a",), ("0002_pre_b",)]


def test_a_file_that_was_edited_after_it_ran_stops_the_start(url, tmp_path):
    (tmp_path / "0001_pre_a.sql").write_text("CREATE TABLE a ();")
    migrate.migrate(url, None, tmp_path)
    (tmp_path / "0001_pre_a.sql").write_text("CREATE TABLE a (n int);")
    with pytest.raises(MigrationChanged, match="0001_pre_a"):
        migrate.migrate(url, None, tmp_path)


def test_a_migration_that_fails_leaves_nothing_of_itself(url, tmp_path):
    (tmp_path / "0001_pre_a.sql").write_text("CREATE TABLE a ();\nSELECT 1 / 0;")
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate.migrate(url, None, tmp_path)
    assert look(url, "SELECT to_regclass('a'), (SELECT count(*) FROM migration)") == [(None, 0)]


def test_statements_that_need_no_transaction_run_one_by_one(url, tmp_path):
    (tmp_path / "0001_pre_a.sql").write_text("CREATE TABLE a (n int);")
    (tmp_path / "0002_pre_b.sql").write_text(
        "-- no transaction\nCREATE INDEX CONCURRENTLY a_n ON a (n);\n"
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1;\nEND $$;\n"
        "-- the end\n"
    )
    migrate.migrate(url, None, tmp_path)
    assert look(url, "SELECT f(), to_regclass('a_n') IS NOT NULL") == [(1, True)]


def test_semicolons_inside_quotes_do_not_end_a_statement():
    text = "SELECT 1;\nDO $x$\nBEGIN\n  NULL;\nEND $x$;\n-- nothing more;\n"
    assert [part.split("\n")[0] for part in statements(text)] == ["SELECT 1;", "DO $x$"]


def test_two_that_start_together_run_each_file_once(url, tmp_path):
    (tmp_path / "0001_pre_a.sql").write_text("CREATE TABLE a ();\nSELECT pg_sleep(0.3);")
    with ThreadPoolExecutor(4) as crowd:
        done = list(crowd.map(lambda _: migrate.migrate(url, None, tmp_path), range(4)))
    assert sorted(map(len, done)) == [0, 0, 0, 1]


@pytest.mark.parametrize(
    "names", [["one.sql"], ["0001_a.sql"], ["0001_pre_a.sql", "0001_post_b.sql"]]
)
def test_a_strange_name_or_a_number_used_twice_is_refused(tmp_path, names):
    for name in names:
        (tmp_path / name).write_text("SELECT 1;")
    with pytest.raises(ValueError, match=r"named|same number"):
        known(tmp_path)


def test_the_migrations_of_this_tree_are_named_well_and_say_nothing_newer_than_15():
    text = "\n".join(step.text for step in known())
    for newer in (
        "uuidv7(",
        "json_table(",
        "any_value(",
        "without overlaps",
        "transaction_timeout",
    ):
        assert newer not in text.lower()


def test_the_log_gets_its_days_and_a_new_epoch_only_when_wanted(server, database_name):
    url = server.url(database_name)
    migrate.ensure_log(url)
    migrate.ensure_log(url)
    assert look(url, "SELECT count(*) FROM log_epoch") == [(1,)]
    migrate.ensure_log(url, new_epoch=True)
    days = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'event'::regclass"
    assert look(url, "SELECT count(*) FROM log_epoch") == [(2,)]
    assert int(str(look(url, days)[0][0])) >= 9
