"""The command line: quick, clear when it refuses, and honest in its exit codes."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

SOURCES = Path(__file__).parents[2] / "src"


@pytest.fixture
def polyphony(tmp_path, server, database_name):
    """Run the command on a database of this test; return what it said and its exit code."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "polyphony", *arguments],
            env={
                **{k: v for k, v in os.environ.items() if not k.startswith("POLYPHONY_")},
                "PYTHONPATH": str(SOURCES),
                "POLYPHONY_HOME": str(tmp_path / "home"),
                "POLYPHONY_DATABASE_URL": server.url(database_name, "owner"),
                "COLUMNS": "100",
                **variables,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def department(server, database_name) -> None:
    with psycopg.connect(server.url(database_name)) as link:
        link.execute("INSERT INTO calendar (id, name) VALUES (gen_random_uuid(), 'always')")
        link.execute(
            "INSERT INTO department (id, name, calendar_id)"
            " SELECT gen_random_uuid(), 'Service', id FROM calendar"
        )


def test_help_comes_within_half_a_second():
    best = 9.0
    for _ in range(10):
        begin = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "polyphony", "--help"],
            env={**os.environ, "PYTHONPATH": str(SOURCES)},
            capture_output=True,
            text=True,
            check=True,
        )
        best = min(best, time.monotonic() - begin)
    for command in ("up", "demo", "serve", "work", "route", "migrate", "doctor", "bench"):
        assert f" {command} " in done.stdout
    assert best <= 0.5


def test_every_command_has_a_help_of_its_own(polyphony):
    for command in (["up"], ["doctor"], ["backup"], ["read", "email"], ["channel", "add"]):
        done = polyphony(*command, "--help")
        assert done.returncode == 0, done.stderr
        assert "Usage" in done.stdout


@pytest.mark.parametrize(
    "arguments", [["upp"], ["backup"], ["migrate", "--plann"], ["bench", "a", "b"]]
)
def test_wrong_usage_is_exit_code_2(polyphony, arguments):
    assert polyphony(*arguments).returncode == 2


def test_a_misspelt_setting_is_refused_before_anything_starts(polyphony):
    done = polyphony("migrate", POLYPHONY_PROT="1")
    assert (done.returncode, done.stdout) == (1, "")
    assert "did you mean POLYPHONY_PORT?" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_is_away_is_exit_code_3(polyphony):
    done = polyphony("migrate", POLYPHONY_DATABASE_URL="postgresql://a:geheim@127.0.0.1:1/x")
    assert done.returncode == 3
    assert "geheim" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_migrating_twice_does_nothing_the_second_time(polyphony):
    assert polyphony("migrate").returncode == 0
    assert json.loads(polyphony("migrate", "--json").stdout) == {"migrated": []}
    assert json.loads(polyphony("migrate", "--plan", "--json").stdout) == {"planned": []}


def test_the_doctor_names_what_is_wrong_and_what_to_do(polyphony):
    polyphony("migrate")
    done = polyphony("doctor", "--json")
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert checks["extensions"]["state"] == "ok"
    assert checks["durability"]["state"] == "fail"  # the server of the tests works without fsync
    assert "fsync" in checks["durability"]["what"]
    assert checks["role"]["state"] == "warn"
    assert checks["keys"]["state"] == "ok"
    assert checks["migrations"]["state"] == "ok"
    assert checks["log lag"]["state"] == "ok"
    assert done.returncode == 4
    assert "FAIL  durability" in polyphony("doctor").stdout


def test_the_doctor_names_the_process_that_holds_the_log_back(polyphony, server, database_name):
    polyphony("migrate")
    with psycopg.connect(server.url(database_name)) as link:
        link.execute("SET idle_in_transaction_session_timeout = 0")
        link.execute("INSERT INTO setting (key, value) VALUES ('x', '1')")
        pid = link.info.backend_pid
        time.sleep(2.1)
        done = json.loads(polyphony("doctor", "--json").stdout)
    lag = next(check for check in done["checks"] if check["name"] == "log lag")
    assert lag["state"] == "warn"
    assert str(pid) in lag["what"]


def test_without_a_database_the_doctor_still_answers(polyphony):
    done = polyphony("doctor", "--json", POLYPHONY_DATABASE_URL="postgresql://a:b@127.0.0.1:1/x")
    assert done.returncode == 4
    assert json.loads(done.stdout)["state"] == "fail"


def test_a_person_is_added_once_and_gets_a_link(polyphony, department, server, database_name):
    done = polyphony("person", "add", "Jana@Example.org", "--name", "Jana", "--role", "agent")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("http://127.0.0.1:8000/")
    with psycopg.connect(server.url(database_name)) as link:
        rows = link.execute(
            "SELECT p.email, r.role, a.person_id IS NOT NULL FROM person p"
            " JOIN person_role r ON r.person_id = p.id LEFT JOIN agent a ON a.person_id = p.id"
        ).fetchall()
    assert rows == [("jana@example.org", "agent", True)]
    again = polyphony("person", "add", "jana@example.org")
    assert again.returncode == 1
    assert "email_taken" in again.stderr
    assert polyphony("person", "add", "x@example.org", "--role", "king").returncode == 1


def test_a_mailbox_is_added_listed_and_tried(polyphony, department, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("mailbox-password\n")
    add = polyphony(
        "channel", "add", "email", "Support", "Support@example.org",
        "--set", "imap_host=127.0.0.1", "--set", "imap_port=1",
        "--set", "smtp_host=127.0.0.1", "--set", "smtp_port=1",
        "--secret", f"imap_password={secret}",
        POLYPHONY_EGRESS_ALLOW="127.0.0.0/8",
    )  # fmt: skip
    assert add.returncode == 0, add.stderr
    listed = json.loads(polyphony("channel", "list", "--json").stdout)
    assert [(one["kind"], one["address"]) for one in listed] == [("email", "support@example.org")]
    tried = polyphony(
        "channel", "test", "support@example.org", POLYPHONY_EGRESS_ALLOW="127.0.0.0/8"
    )
    assert tried.returncode == 4, tried.stderr
    assert "broken" in tried.stdout
    said = add.stdout + add.stderr + tried.stdout + tried.stderr
    assert "mailbox-password" not in said


@pytest.mark.parametrize(
    "arguments",
    [
        ["fax", "Fax", "123"],
        ["email", "Support", "s@example.org", "--set", "imap_hots=x"],
        ["email", "Support", "s@example.org", "--set", "imap_port=many"],
        ["email", "Support", "s@example.org", "--secret", "imap_password=/no/such/file"],
    ],
)
def test_an_account_that_cannot_work_is_refused_with_a_word(polyphony, department, arguments):
    done = polyphony("channel", "add", *arguments)
    assert done.returncode == 1
    assert "account." in done.stderr
    assert "Traceback" not in done.stderr
