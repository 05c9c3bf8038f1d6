"""The console: everything is kept in the log, a terminal shows what matters."""

import sys

from polyphony.app.console import Console

INFO = '{"event": "listening", "level": "info"}'
BAD = '{"event": "on fire", "level": "error"}'


def test_on_a_terminal_only_what_matters_is_shown(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    console = Console(tmp_path)
    for line in (INFO, BAD, "Traceback"):
        console.line(line)
    console.close()
    assert capsys.readouterr().err.splitlines() == [BAD, "Traceback"]
    assert console.path.read_text().splitlines() == [INFO, BAD, "Traceback"]


def test_without_a_terminal_everything_is_passed_on(tmp_path, capsys):
    console = Console(tmp_path)
    console.line(INFO)
    console.close()
    assert capsys.readouterr().err.splitlines() == [INFO]


def test_a_big_log_is_put_aside_at_the_start(tmp_path):
    path = tmp_path / "log" / "polyphony.log"
    path.parent.mkdir()
    path.write_text("x" * 10_000_001)
    console = Console(tmp_path)
    console.line("new")
    console.close()
    assert path.read_text() == "new\n"
    assert path.with_suffix(".log.1").stat().st_size == 10_000_001
