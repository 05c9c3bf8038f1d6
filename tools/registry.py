"""Hands the package index the user gave to pip on to uv, which reads neither pip.conf nor PIP_*."""

from __future__ import annotations

import os
import subprocess


def pip_settings(pip: list[str]) -> dict[str, str]:
    """Return what ``pip config list`` and PIP_* variables say, by option name."""
    done = subprocess.run([*pip, "config", "list"], capture_output=True, text=True, check=False)
    found: dict[str, str] = {}
    for line in done.stdout.splitlines():
        name, equals, value = line.partition("=")
        if equals:
            option = name.strip().rpartition(".")[2]
            found[option] = value.strip().strip("'\"")
    return found


def environment(pip: list[str]) -> dict[str, str]:
    """Return our environment for uv; what the user set as UV_* himself stays as it is."""
    ours = dict(os.environ)
    if any(name.startswith("UV_") and name != "UV_CACHE_DIR" for name in ours):
        return ours
    known = pip_settings(pip)
    if known.get("index-url"):
        ours["UV_DEFAULT_INDEX"] = known["index-url"]
    extra = known.get("extra-index-url", "").replace("\\n", " ")
    if extra:
        ours["UV_INDEX"] = " ".join(extra.split())
        ours["UV_INDEX_STRATEGY"] = "unsafe-best-match"  # as pip looks; the hashes decide
    links = known.get("find-links", "").replace("\\n", " ")
    if links:
        ours["UV_FIND_LINKS"] = ",".join(links.split())
    certificate = known.get("cert")
    if certificate and "SSL_CERT_FILE" not in ours:
        ours["SSL_CERT_FILE"] = certificate
    return ours
