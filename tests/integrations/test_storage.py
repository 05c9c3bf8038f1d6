"""Files by content: the same bytes once, never half, never outside the folder."""

import asyncio
import hashlib

import pytest

from polyphony.domain.errors import NotFound
from polyphony.integrations.storage import FilesOnDisk


async def test_what_was_put_comes_back_and_lies_there_once(tmp_path):
    files = FilesOnDisk(tmp_path / "files")
    names = await asyncio.gather(*(files.put(b"same") for _ in range(20)), files.put(b""))
    assert set(names) == {hashlib.sha256(b"same").hexdigest(), hashlib.sha256(b"").hexdigest()}
    assert await files.get(names[0]) == b"same"
    assert sorted(files.names()) == sorted(set(names))
    assert not list((tmp_path / "files").rglob("*.part"))


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a" * 63, "A" * 64, "0" * 64])
async def test_a_name_nobody_put_is_not_found(tmp_path, name):
    with pytest.raises(NotFound):
        await FilesOnDisk(tmp_path).get(name)


async def test_a_full_disk_leaves_no_half_file(tmp_path, monkeypatch):
    files = FilesOnDisk(tmp_path / "files")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(OSError, match="No space"):
            await files.put(b"text")
    assert list(files.names()) == []
    assert not list((tmp_path / "files").rglob("*.part"))
    assert await files.get(await files.put(b"text")) == b"text"


async def test_old_files_can_be_found_and_removed_and_a_second_put_makes_them_young(tmp_path):
    files = FilesOnDisk(tmp_path)
    name = await files.put(b"old")
    touched = files.path(name).stat().st_mtime
    assert list(files.aged(touched + 1)) == [name]
    assert list(files.aged(touched - 1)) == []
    files.remove(name)
    files.remove(name)
    with pytest.raises(NotFound):
        await files.get(name)
