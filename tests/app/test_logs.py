"""Logs: secrets and personal values never get into them, whoever writes."""

import io
import json
import logging
import sys

import pytest
import structlog

from polyphony.app import logs


@pytest.fixture
def lines(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    logs.configure("info", "web")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:], level = before
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_a_line_is_json_with_role_and_values(lines):
    structlog.stdlib.get_logger("x").info("listening", port=8000, name="žluť")
    (line,) = lines()
    assert (line["event"], line["port"], line["name"], line["role"]) == (
        "listening", 8000, "žluť", "web",
    )  # fmt: skip


@pytest.mark.parametrize("key", ["password", "imap_password", "token", "email_pii", "cookie"])
def test_values_under_secret_or_personal_keys_are_dropped(lines, key):
    structlog.stdlib.get_logger("x").info("seen", **{key: "geheim"})
    assert "geheim" not in json.dumps(lines())


@pytest.mark.parametrize(
    "text",
    [
        "connect to postgresql://app:geheim@127.0.0.1/x failed",
        "Authorization: Bearer geheim",
        "token v1.k1.eyJhIjoxfQgeheimgeheim.abcgeheim refused",
    ],
)
def test_secrets_inside_texts_of_libraries_are_blanked(lines, text):
    logging.getLogger("library").warning("%s", text)
    (line,) = lines()
    assert "geheim" not in line["event"]


def test_exceptions_are_told_without_the_secrets_in_them(lines):
    error = ConnectionError("postgresql://app:geheim@host/db")
    structlog.stdlib.get_logger("x").error("failed", exc_info=error)
    (line,) = lines()
    assert "ConnectionError" in line["exception"]
    assert "geheim" not in line["exception"]


def test_debug_lines_are_left_out_unless_wanted(lines):
    structlog.stdlib.get_logger("x").debug("noise")
    assert lines() == []
