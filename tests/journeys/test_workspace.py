"""The workspace in the system's Chromium: an agent's day, the contact centre, every screen."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parents[2]
WEB = TREE / "web"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def _missing() -> str | None:
    if shutil.which("node") is None:
        return "node is not installed"
    if not (WEB / "node_modules").is_dir():
        return "the front end is not set up: make setup"
    if not (TREE / "src/polyphony/static/agent/index.html").is_file():
        return "the screens are not built: make setup"
    if not any(shutil.which(name) for name in CHROMIUM):
        return "no Chromium on this machine"
    return None


@pytest.mark.timeout(2100)
def test_an_agent_signs_in_takes_an_offer_answers_undoes_and_solves() -> None:
    _play("run")


@pytest.mark.timeout(1200)
def test_a_lead_steers_who_gets_what_and_sees_why() -> None:
    _play("centre")


def _play(suite: str) -> None:
    reason = _missing()
    if reason is not None and os.environ.get("POLYPHONY_TEST_STRICT") != "1":
        pytest.skip(reason)
    done = subprocess.run(
        ["node", f"e2e/{suite}.mjs"],
        cwd=WEB,
        capture_output=True,
        text=True,
        timeout=2000,
        check=False,
    )
    assert done.returncode == 0, _told(done)


def _told(done: subprocess.CompletedProcess[str]) -> str:
    """What failed first, so that a report cut short still says it; then the end of the rest."""
    lines = done.stdout.splitlines() + done.stderr.splitlines()
    faults = [line[:600] for line in lines if line.startswith(("FAIL", "FAULT"))]
    return "\n".join([*faults, "", *lines[-30:], done.stderr[-3000:]])
