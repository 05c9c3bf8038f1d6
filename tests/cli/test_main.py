"""The command line: quick, clear when it refuses, and honest in its exit codes."""

import json
import os
import socket
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

    def run(*arguments: str, stdin: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
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
            input=stdin,
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


def test_help_loads_nothing_that_only_running_needs():
    """What makes `--help` slow is what it imports; a clock would judge the machine instead."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "polyphony", "--help"],
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        capture_output=True,
        text=True,
        check=True,
    )
    for command in ("up", "demo", "serve", "work", "route", "migrate", "doctor", "bench"):
        assert f" {command} " in done.stdout
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "typer" in loaded
    heavy = {"asyncio", "cryptography", "fastapi", "lxml", "psycopg", "pydantic", "starlette"}
    assert not heavy & loaded
    assert len(loaded) < 600


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
    assert "There is a person with this address already" in again.stderr
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
    ("arguments", "said"),
    [
        (["fax", "Fax", "123"], "There is no channel fax; there are: chat, email, loopback."),
        (["email", "S", "s@example.org", "--set", "imap_hots=x"], "Unknown settings"),
        (["email", "S", "s@example.org", "--set", "imap_password=x"], "Unknown settings"),
        (["email", "S", "s@example.org", "--set", "imap_port=many"], "imap_port=many does not"),
        (["email", "S", "s@example.org", "--set", "imap_port=70000"], "from 1 to 65535"),
        (["email", "S", "s@example.org", "--set", "imap_security=no"], "one of tls, starttls"),
        (["email", "S", "s@example.org", "--secret", "imap_password=/no/such/file"], "--secret"),
        (["email", "S", "s@example.org", "--department", "Nope"], "there are: Service"),
    ],
)
def test_an_account_that_cannot_work_is_refused_with_words(polyphony, department, arguments, said):
    done = polyphony("channel", "add", *arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_the_first_department_may_be_made_with_the_first_account(polyphony, server, database_name):
    alone = polyphony("channel", "add", "email", "S", "s@example.org")
    assert (alone.returncode, "--department" in alone.stderr) == (1, True)
    add = polyphony(
        "channel", "add", "email", "S", "s@example.org",
        "--department", "Service", "--set", "per_minute=30",
    )  # fmt: skip
    assert add.returncode == 0, add.stderr
    with psycopg.connect(server.url(database_name)) as link:
        rows = link.execute(
            "SELECT d.name, r.rate, r.burst FROM channel_account a"
            " JOIN department d ON d.id = a.department_id"
            " JOIN account_rate r ON r.account_id = a.id"
        ).fetchall()
    assert rows == [("Service", 0.5, 5.0)]
    again = polyphony("channel", "add", "email", "S", "s@example.org")
    assert (again.returncode, "already" in again.stderr) == (1, True)


def test_an_account_nobody_knows_cannot_be_tried(polyphony):
    done = polyphony("channel", "test", "nobody@example.org")
    assert done.returncode == 1
    assert "`polyphony channel list` names all" in done.stderr


# ── what a newcomer may get wrong ────────────────────────────────────────────────────────────────

OWN: dict[str, str] = {"POLYPHONY_DATABASE_URL": ""}


@pytest.mark.parametrize(
    "command",
    [["channel", "list"], ["channel", "test", "s@example.org"], ["backup", "--to", "b"],
     ["serve"], ["work"], ["route"]],
)  # fmt: skip
def test_nothing_is_founded_by_a_command_that_only_looks(polyphony, tmp_path, command):
    done = polyphony(*command, **OWN)
    assert done.returncode == 1, done.stderr
    assert "POLYPHONY_HOME" in done.stderr or "polyphony up" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "home").exists()


def test_a_plan_before_the_first_start_names_every_migration(polyphony, tmp_path):
    planned = json.loads(polyphony("migrate", "--plan", "--json", **OWN).stdout)["planned"]
    assert planned[0] == "0001_pre_foundation"
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("command", [["up"], ["migrate"], ["person", "add", "a@example.org"]])
def test_a_home_that_cannot_be_used_is_named(polyphony, tmp_path, command):
    (tmp_path / "home").write_text("a file where a folder should be")
    done = polyphony(*command, **OWN)
    assert done.returncode == 1
    assert str(tmp_path / "home") in done.stderr
    assert "POLYPHONY_HOME" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_doctor_looks_at_a_home_that_cannot_be_used(polyphony, tmp_path):
    (tmp_path / "home").write_text("a file where a folder should be")
    done = polyphony("doctor", "--json", **OWN)
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert (done.returncode, checks["home"]["state"]) == (4, "fail")


@pytest.mark.parametrize("url", ["nonsense", "postgresql://a:geheim@[::1/x"])
def test_an_address_that_is_none_is_refused_without_being_repeated(polyphony, url):
    for command in (["migrate"], ["up"], ["serve"]):
        done = polyphony(*command, POLYPHONY_DATABASE_URL=url, POLYPHONY_PORT="1025")
        assert done.returncode == 1
        assert "POLYPHONY_DATABASE_URL is no address" in done.stderr
        assert "geheim" not in done.stderr


def test_a_taken_port_is_named_with_its_holder_and_a_free_one(polyphony):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for command in ("serve", "up"):
            done = polyphony(command, POLYPHONY_PORT=str(port))
            assert done.returncode == 1
            assert f"Port {port} is already used by" in done.stderr
            assert f"POLYPHONY_PORT={port + 1}" in done.stderr
        done = polyphony("work", POLYPHONY_MAIL_LISTEN=f"lmtp://127.0.0.1:{port}")
        assert done.returncode == 1
        assert f"POLYPHONY_MAIL_LISTEN=lmtp://127.0.0.1:{port + 1}" in done.stderr


def test_a_secret_may_come_by_a_pipe(polyphony, department):
    add = polyphony(
        "channel", "add", "email", "S", "s@example.org", "--secret", "imap_password=-",
        stdin="a word by pipe\n",
    )  # fmt: skip
    assert add.returncode == 0, add.stderr
    assert "a word by pipe" not in add.stdout + add.stderr


def test_usage_is_told_under_the_name_people_type(polyphony):
    assert "Usage: polyphony migrate" in polyphony("migrate", "--plann").stderr


# ── backup and restore, before anybody is asked for a passphrase ─────────────────────────────────


def test_a_backup_into_a_place_that_cannot_be_written_says_so_first(polyphony, tmp_path):
    polyphony("migrate")
    (tmp_path / "file").write_text("no folder")
    done = polyphony("backup", "--to", str(tmp_path / "file"))
    assert done.returncode == 1
    assert "Choose another --to" in done.stderr
    assert "passphrase" not in done.stderr


def test_without_a_person_a_passphrase_comes_from_a_file(polyphony, tmp_path):
    polyphony("migrate")
    done = polyphony("backup", "--to", str(tmp_path / "kept"))
    assert done.returncode == 1
    assert "POLYPHONY_BACKUP_PASSPHRASE_FILE" in done.stderr
    short = polyphony("backup", "--to", str(tmp_path / "kept"), POLYPHONY_BACKUP_PASSPHRASE="short")
    assert short.returncode == 1
    assert list((tmp_path / "kept").iterdir()) == []


def test_what_is_no_backup_is_named_before_a_passphrase_is_asked_for(polyphony, tmp_path):
    for content in (None, "", "[1]", "null"):
        if content is not None:
            (tmp_path / "manifest.json").write_text(content)
        done = polyphony("restore", str(tmp_path))
        assert done.returncode == 1
        assert "is no backup" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_backup_never_comes_back_over_a_living_deployment(polyphony, tmp_path):
    polyphony("migrate")
    done = polyphony("restore", str(tmp_path))
    assert done.returncode == 1
    assert "POLYPHONY_HOME" in done.stderr
    assert "empty deployment" in done.stderr


def test_the_configuration_is_written_compared_and_taken_in(polyphony, tmp_path):
    made = polyphony("channel", "add", "chat", "Web", "Web", "--department", "Service")
    assert made.returncode == 0, made.stderr
    file = tmp_path / "company.yaml"
    assert polyphony("config", "export", "--to", str(file)).returncode == 0
    text = file.read_text()
    file.write_text(text.replace("skills: {}", "skills:\n  law: {kind: legal}"))
    compared = polyphony("config", "diff", str(file))
    assert compared.stdout.splitlines() == ["+ skills: law"]
    tried = polyphony("config", "apply", str(file), "--dry-run", "--json")
    assert json.loads(tried.stdout)["changes"][0]["name"] == "law"
    assert polyphony("config", "export").stdout == text
    assert polyphony("config", "apply", "-", stdin=file.read_text()).returncode == 0
    assert "law:" in polyphony("config", "export").stdout
    file.write_text("version: 1\nskills:\n  law: {kind: magic}\n")
    refused = polyphony("config", "apply", str(file))
    assert (refused.returncode, refused.stdout[:7]) == (1, "line 3:")


def test_the_audit_is_verified_and_what_was_done_to_it_is_named(
    polyphony, server, database_name, tmp_path
):
    kept = tmp_path / "head.json"
    with psycopg.connect(server.url(database_name, "owner"), autocommit=True) as link:
        link.execute(
            "INSERT INTO audit (id, actor_kind, act) SELECT gen_random_uuid(), 'system', 'test'"
            " FROM generate_series(1, 3)"
        )
        rebuilt = polyphony("search", "rebuild", "--now", "--json")
        assert json.loads(rebuilt.stdout)["waited"] is True
        assert polyphony("audit", "head", "--to", str(kept)).returncode == 0
        told = json.loads(polyphony("audit", "verify", "--head", str(kept), "--json").stdout)
        assert (told["faults"], told["unsealed"]) == (0, 3)
        kept.write_text(json.dumps({"blocks": 1, "head": "00" * 32}))
        lost = polyphony("audit", "verify", "--head", str(kept))
    assert lost.returncode == 4
    assert lost.stdout.startswith("head     block 1")
