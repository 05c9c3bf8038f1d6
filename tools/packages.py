"""The Python side of the set-up: environment, locked packages, byte code, the command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tools import registry
from tools.stamps import PYTHON, ROOT, VENV, digest, done, say, step

STAMPS = VENV / "stamps"
_KNOWN: list[str] = []  # the version of the environment, once it is known to work
_NO_PIP = (
    "This Python has neither ensurepip nor pip. On Debian or Ubuntu: "
    "sudo apt-get install python3-venv"
)


def environment() -> None:
    """Make .venv unless there is one that works; a working one is never removed."""
    if _version():
        return
    base = str(getattr(sys, "_base_executable", sys.executable))
    with step(STAMPS / "environment", base, "virtual environment"):
        if VENV.exists():
            shutil.rmtree(VENV)
        whole = [base, "-m", "venv", str(VENV)]
        if subprocess.run(whole, check=False, capture_output=True).returncode:
            shutil.rmtree(VENV, ignore_errors=True)
            subprocess.run([*whole, "--without-pip"], check=True)
            if subprocess.run(_host_pip("--version"), check=False, capture_output=True).returncode:
                shutil.rmtree(VENV, ignore_errors=True)
                raise RuntimeError(_NO_PIP)


def _version() -> str:
    """Return the version of the environment's Python; empty when it is missing or too old."""
    if _KNOWN:
        return _KNOWN[0]
    if not PYTHON.exists():
        return ""
    code = "import sys; print(sys.version if sys.version_info >= (3, 11) else '')"
    done_ = subprocess.run([str(PYTHON), "-c", code], capture_output=True, text=True, check=False)
    if done_.returncode or not _has_pip():
        return ""
    _KNOWN[:] = filter(None, [done_.stdout.strip()])
    return _KNOWN[0] if _KNOWN else ""


def _has_pip() -> bool:
    """Tell whether the environment is whole: its own pip, or the host's one, works on it."""
    return not subprocess.run(_host_pip("--version"), check=False, capture_output=True).returncode


def _host_pip(*arguments: str) -> list[str]:
    """Return pip of the environment, or the host's one working on the environment."""
    own = [str(PYTHON), "-m", "pip"]
    if not list(VENV.glob("lib/python3*/site-packages/pip")):
        own = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    return [*own, *arguments]


def runtime() -> None:
    """Install what Polyphony imports."""
    _install("requirements", "packages")


def development() -> None:
    """Install what tests and checks need."""
    _install("requirements-dev", "packages of the tests")


def _install(name: str, text: str) -> None:
    locks = [ROOT / "requirements-boot.lock", ROOT / f"{name}.lock"]
    value = digest(locks, _version())
    if done(STAMPS / name, value):
        return
    with step(STAMPS / name, value, text):
        lock = str(ROOT / f"{name}.lock")
        if not _by_uv(lock):
            say("uv did not succeed; pip does the same, more slowly")
            _pip("install", "--quiet", "--require-hashes", "--no-deps", "-r", lock)
        (STAMPS / "byte_code").unlink(missing_ok=True)


def _by_uv(lock: str) -> bool:
    boot = str(ROOT / "requirements-boot.lock")
    command = _host_pip("install", "--quiet", "--require-hashes", "-r", boot)
    if subprocess.run(command, check=False, env=_quiet()).returncode:
        return False
    uv = [str(PYTHON), "-m", "uv", "pip", "install", "--quiet", "--python", str(PYTHON)]
    options = ["--require-hashes", "--no-deps", "--compile-bytecode", "-r", lock]
    settings = registry.environment(_host_pip())
    return not subprocess.run([*uv, *options], check=False, env=settings).returncode


def _quiet() -> dict[str, str]:
    """No advice about newer versions of pip: the lock files say which one does the work."""
    return {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def _pip(*arguments: str) -> None:
    if subprocess.run(_host_pip(*arguments), check=False, env=_quiet()).returncode:
        raise RuntimeError("The packages could not be installed; pip's own words stand above.")


def byte_code() -> None:
    """Compile every installed module: without byte code each start takes seconds longer."""
    value = _version()
    if done(STAMPS / "byte_code", value):
        return
    with step(STAMPS / "byte_code", value, "byte code"):
        code = [str(PYTHON), "-m", "compileall", "-q", "-j", "0"]
        ours = {key: text for key, text in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        for folder in VENV.glob("lib/python3*/site-packages"):
            # some packages carry files for other versions: what cannot be compiled is not run
            subprocess.run([*code, str(folder)], check=False, env=ours, capture_output=True)


def command() -> None:
    """Put the sources on the path of the environment and the command beside its Python."""
    for folder in VENV.glob("lib/python3*/site-packages"):
        (folder / "polyphony.pth").write_text(f"{ROOT / 'src'}\n")
    script = VENV / "bin" / "polyphony"
    script.write_text('#!/bin/sh\nexec "$(dirname "$0")/python" -m polyphony "$@"\n')
    script.chmod(0o755)
