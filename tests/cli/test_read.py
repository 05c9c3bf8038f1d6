"""`polyphony read email`: one answer for every file, in order, with the promised exit codes."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.channels.email.parse.shapes import faults
from typer.testing import CliRunner

from polyphony.app.reader import show
from polyphony.channels.email.parse.schema import schema
from polyphony.cli.read import program

ROOT = Path(__file__).parents[2]
MAILS = ROOT / "tests/channels/email/parse/mails"
MAIN = (
    "from polyphony.app.reader import show; from polyphony.cli.read import program;"
    "program(show)(prog_name='polyphony read')"
)


def run(*args: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", MAIN, "email", *args],
        input=stdin,
        capture_output=True,
        check=False,
        timeout=60,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
    )


def lines(found: subprocess.CompletedProcess[bytes]) -> list[dict[str, object]]:
    return [json.loads(line) for line in found.stdout.decode().split("\n") if line]


def test_files_are_answered_in_the_order_given() -> None:
    names = [str(MAILS / name) for name in ("vacation-cs.eml", "apple-en.eml")]
    found = run(*names, "--json")
    assert found.returncode == 0, found.stderr
    assert [one["file"] for one in lines(found)] == names
    assert all(faults(one, schema()) == [] for one in lines(found))


def test_standard_input_is_a_dash() -> None:
    found = run("-", stdin=b"Subject: x\n\nHello")
    (answer,) = lines(found)
    assert (answer["file"], answer["subject"], answer["text"]) == ("-", "x", "Hello\n")


def test_a_folder_is_read_whole_sorted_by_relative_path(tmp_path: Path) -> None:
    for name in ("b.eml", "a/z.txt", "a/B", "ž", "A.eml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"Subject: " + name.encode() + b"\n\n")
    (tmp_path / "link.eml").symlink_to(tmp_path / "b.eml")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / os.fsdecode(b"\xff.eml")).write_bytes(b"Subject: odd\n\n")
    found = run("--dir", str(tmp_path), "--jsonl")
    assert found.returncode == 0, found.stderr
    names = [one["file"] for one in lines(found)]
    assert names == ["A.eml", "a/B", "a/z.txt", "b.eml", "ž", "\ufffd.eml"]
    assert lines(found)[-1]["subject"] == "odd"


def test_a_missing_file_costs_its_line_and_the_exit_code() -> None:
    found = run("/nowhere/x.eml", str(MAILS / "apple-en.eml"))
    assert found.returncode == 1
    assert lines(found)[0] == {"file": "/nowhere/x.eml", "error": "cannot open"}
    assert lines(found)[1]["subject"] == "Broken lamp"


@pytest.mark.parametrize(
    "args",
    [(), ("--dir", "."), ("x.eml", "--dir", ".", "--jsonl"), ("--dir", "/nowhere", "--jsonl"),
     ("x.eml", "--limits", "few"), ("--nonsense",)],
)  # fmt: skip
def test_wrong_usage_is_told_and_ends_with_two(args: tuple[str, ...]) -> None:
    found = CliRunner().invoke(program(show), ["email", *args])
    assert found.exit_code == 2


def test_attachments_are_written_by_hash_and_only_for_us(tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = run(str(MAILS / "gmail-ru.eml"), "--attachments", str(out))
    (file,) = lines(found)[0]["attachments"]  # type: ignore[misc]
    path = out / file["sha256"]
    assert path.read_bytes() == b"%PDF-1.4\n%%EOF\n"
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(b"kept")
    run(str(MAILS / "gmail-ru.eml"), "--attachments", str(out))
    assert path.read_bytes() == b"kept"


def test_own_addresses_are_a_loop() -> None:
    found = run("-", "--own", "US@desk.example", stdin=b"From: us@desk.example\n\nx")
    assert lines(found)[0]["auto_submitted"] == {"is_auto": True, "reason": "own"}


def test_explain_says_why() -> None:
    why = lines(run(str(MAILS / "seznam-cs.eml"), "--explain"))[0]["why"]
    assert isinstance(why, dict)
    assert set(why) == {"from", "text", "text_reply", "auto_submitted", "bounce"}
    assert all(why.values())


def test_the_limits_can_be_switched_off() -> None:
    parts = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 600
    assert "too_many_parts" in lines(run("-", stdin=parts))[0]["defects"]  # type: ignore[operator]
    found = run("-", "--limits", "none", stdin=parts)
    assert "too_many_parts" not in lines(found)[0]["defects"]  # type: ignore[operator]


def test_the_first_answer_comes_soon() -> None:
    begun = time.monotonic()
    run(str(MAILS / "apple-en.eml"))
    assert time.monotonic() - begun < 30  # a second on an idle core; this one may be busy


def test_who_writes_the_answers_to_a_file_is_told_how_far_it_is(tmp_path: Path) -> None:
    import pty  # noqa: PLC0415 - only here

    for number in range(5):
        (tmp_path / f"{number}.eml").write_bytes(b"Subject: x\n\n")
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", "import polyphony.cli.read as r; r._TELL_S = 0;" + MAIN,
         "email", "--dir", str(tmp_path), "--jsonl"],
        stdout=subprocess.PIPE, stderr=theirs, check=True, timeout=60,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    os.close(theirs)
    assert len(done.stdout.splitlines()) == 5
    assert b"4 mails read" in os.read(ours, 65536)
    os.close(ours)


def test_a_terminal_gets_indented_json() -> None:
    import pty  # noqa: PLC0415 - only here

    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", MAIN, "email", str(MAILS / "vacation-cs.eml")],
        stdout=theirs, check=True, timeout=60, env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    os.close(theirs)
    assert done.returncode == 0
    assert b'\n  "schema": 1' in os.read(ours, 65536).replace(b"\r\n", b"\n")
    os.close(ours)
