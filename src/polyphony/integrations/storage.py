"""Files on disk by their content: synced before they count, written once, never half."""

import asyncio
import contextlib
import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from polyphony.domain.errors import NotFound

_NAME = re.compile(r"[0-9a-f]{64}")


class FilesOnDisk:
    """``ports.Files`` in a folder, two levels of 256 folders each; safe for many processes."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; it is made with the first file."""
        self.folder = folder

    async def put(self, data: bytes) -> str:
        """Keep the bytes; return their SHA-256 in hex once file and folder are on disk."""
        return await asyncio.to_thread(self._put, data)

    async def get(self, sha256: str) -> bytes:
        """Return the bytes; raise NotFound when nobody put them."""
        return await asyncio.to_thread(self._get, sha256)

    def path(self, sha256: str) -> Path:
        """Return where a file lies or would lie; raise NotFound for what is no digest."""
        if not _NAME.fullmatch(sha256):
            raise NotFound("file.not_found")
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def names(self) -> Iterator[str]:
        """Yield the digests of all whole files, in order."""
        for path in sorted(self.folder.glob("??/??/*")):
            if _NAME.fullmatch(path.name):
                yield path.name

    def aged(self, before: float) -> Iterator[str]:
        """Yield files last touched before a moment (seconds since 1970): candidates for tidying."""
        for name in self.names():
            with contextlib.suppress(FileNotFoundError):
                if self.path(name).stat().st_mtime < before:
                    yield name

    def remove(self, sha256: str) -> None:
        """Forget one file; it is no fault when it is gone already."""
        self.path(sha256).unlink(missing_ok=True)

    def _get(self, sha256: str) -> bytes:
        try:
            return self.path(sha256).read_bytes()
        except FileNotFoundError as missing:
            raise NotFound("file.not_found") from missing

    def _put(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.path(sha256)
        _folders(path.parent, self.folder)
        try:
            os.utime(path)  # an older twin is young again: tidying must not take it now
        except FileNotFoundError:
            aside = path.with_name(f".{secrets.token_hex(8)}.part")
            try:
                _write(aside, data)
                aside.rename(path)
            except BaseException:
                aside.unlink(missing_ok=True)
                raise
        _sync(path.parent)  # also for a twin: its writer may not have come so far
        return sha256


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _folders(folder: Path, root: Path) -> None:
    if folder.is_dir():
        return
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    for step in (folder.parent, folder):
        step.mkdir(mode=0o700, exist_ok=True)
        _sync(step.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
