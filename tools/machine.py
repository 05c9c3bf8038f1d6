"""Programs of the system that some tests need: installed when we are root on Debian, else named."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tools.stamps import BUILD, done, say, step

# program looked for → package of Debian and Ubuntu, and what it is for
WANTED = {
    "chromium": ("chromium", "journeys in the browser"),
    "dovecot": ("dovecot-imapd", "mailboxes of a real IMAP server"),
    "dovecot-lda": ("dovecot-lmtpd", "delivery into them"),
    "postfix": ("postfix", "a real SMTP server"),
}
POLICY = Path("/usr/sbin/policy-rc.d")


def _found(program: str) -> bool:
    if program == "dovecot-lda":
        return any(Path(place).exists() for place in ("/usr/lib/dovecot/lmtp",))
    folders = os.environ.get("PATH", "") + os.pathsep + "/usr/sbin" + os.pathsep + "/sbin"
    return shutil.which(program, path=folders) is not None


def programs() -> None:
    """Install what is missing if we may; say what stays missing, its tests are skipped."""
    missing = [name for name in WANTED if not _found(name)]
    if not missing:
        return
    packages = [WANTED[name][0] for name in missing]
    value = " ".join(packages)
    stamp = BUILD / "stamps" / "machine"
    if _may_install() and not done(stamp, value):
        with step(stamp, value, f"programs of the system ({value})"):
            _install(packages)
    for name in missing:
        if not _found(name):
            package, use = WANTED[name]
            say(f"without {package}: tests of {use} are skipped (apt-get install {package})")


def _may_install() -> bool:
    chosen = os.environ.get("POLYPHONY_TEST_SYSTEM", "1") == "1"
    return chosen and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install(packages: list[str]) -> None:
    settings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    base = ["apt-get", "-q", "-y", "--no-install-recommends"]
    base += ["-o", "Acquire::Retries=2", "-o", "Acquire::http::Timeout=30"]
    subprocess.run([*base, "update"], env=settings, check=False, capture_output=True)
    ours = not POLICY.exists()
    if ours:  # nobody starts a daemon because we install its package
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        for package in packages:
            if _harmless([*base, "--simulate", "install", package], settings):
                command = [*base, "install", package]
                done_ = subprocess.run(
                    command, env=settings, check=False, capture_output=True, text=True
                )
                if done_.returncode:
                    say(f"{package} could not be installed: {done_.stderr.strip()[-300:]}")
    finally:
        if ours:
            POLICY.unlink(missing_ok=True)


def _harmless(simulation: list[str], settings: dict[str, str]) -> bool:
    """Tell whether nothing that is installed would be removed (another mail server, say)."""
    done_ = subprocess.run(simulation, env=settings, capture_output=True, text=True, check=False)
    removed = [line for line in done_.stdout.splitlines() if line.startswith("Remv ")]
    if removed:
        say(f"not installed, it would remove: {' '.join(line.split()[1] for line in removed)}")
    return not done_.returncode and not removed
