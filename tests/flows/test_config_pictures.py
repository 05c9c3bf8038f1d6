"""Logos in a configuration file: out by bytes or hash, in onto the disk, refused when they lie."""

import base64
import hashlib
from pathlib import Path

import pytest
from tests.make.moment import AT
from tests.make.person import person

from polyphony.domain.event import Actor
from polyphony.flows.config_file import pictures
from polyphony.flows.config_file.apply import apply, diff
from polyphony.flows.config_file.export import present
from polyphony.flows.config_file.shape import Brand, File, Logo
from polyphony.flows.config_file.text import Faulty, read, write
from polyphony.integrations.storage import FilesOnDisk
from polyphony.store.database import Database

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4


async def test_logos_go_out_and_come_in_with_a_brand(database: Database, tmp_path: Path) -> None:
    there, here = FilesOnDisk(tmp_path / "there"), FilesOnDisk(tmp_path / "here")
    coded = base64.b64encode(PICTURE).decode()
    text = f"version: 1\nbrands:\n  Bank:\n    logo: {{data: {coded}}}\n"
    async with database.transaction() as session:
        root = Actor("person", await person(session, "Root", roles=["admin"]))
        await pictures.keep(read(text).file, there)
        added = await apply(session, read(text), AT, root)
        sha256 = hashlib.sha256(PICTURE).hexdigest()
        assert [one.fields[-1] for one in added] == [("logo", None, sha256)]
        assert await there.get(sha256) == PICTURE
        out = write(await pictures.drawn((await present(session)).file, there))
        assert read(write(read(out).file)).file == read(out).file
        by_hash = write((await present(session)).file)
        assert "data:" not in by_hash
        same = "version: 1\nbrands: {Bank: {}}\n"
        for one in (out, by_hash, same):  # left out, a logo stays
            assert await diff(session, read(one)) == []
        none = read(same.replace("{}", "{logo: none}"))
        assert [one.fields for one in await apply(session, none, AT, root)] == [
            (("logo", sha256, None),)
        ]
        with pytest.raises(Faulty) as refused:  # no brand shows it any more
            await apply(session, read(by_hash), AT, root)
        assert refused.value.facts["faults"][0]["code"] == "config.logo_unknown"
        await pictures.keep(read(out).file, here)
        assert await here.get(sha256) == PICTURE
        await apply(session, read(out), AT, root)
        assert await diff(session, read(by_hash)) == []
        await session.rollback()


@pytest.mark.parametrize(
    ("logo", "code"),
    [
        ("{data: '%%%'}", "config.logo_data"),
        ("{data: aGVsbG8=}", "config.logo_picture"),
        (
            f"{{data: {base64.b64encode(PICTURE).decode()}, sha256: '{'0' * 64}'}}",
            "config.logo_hash",
        ),
        ("{sha256: short}", "config.string_pattern_mismatch"),
    ],
)
def test_a_logo_that_is_none_is_refused_with_its_line(logo: str, code: str) -> None:
    with pytest.raises(Faulty) as refused:
        read(f"version: 1\nbrands:\n  Bank:\n    logo: {logo}\n")
    faults = refused.value.facts["faults"]
    assert isinstance(faults, list)
    assert [(one["line"], one["code"]) for one in faults] == [(4, code)]


async def test_only_small_logos_are_written_out(tmp_path: Path) -> None:
    files = FilesOnDisk(tmp_path)
    sizes = {"a": 100, "b": pictures.WRITTEN_MAX, "c": pictures.WRITTEN_MAX + 1}
    sizes |= {"d": pictures.WRITTEN_MAX, "e": pictures.WRITTEN_MAX, "f": 200}
    brands = {}
    for name, size in sizes.items():
        sha256 = await files.put(PICTURE + name.encode() * (size - len(PICTURE)))
        brands[name] = Brand(logo=Logo(sha256=sha256))
    brands["gone"] = Brand(logo=Logo(sha256="0" * 64))
    file = File(version=1, brands=brands)
    written = (await pictures.drawn(file, files)).brands or {}
    assert [name for name, one in written.items() if one.logo and one.logo.data] == [
        *("a", "b", "d", "f"),
    ]
