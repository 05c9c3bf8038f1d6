"""The documentation is whole: links lead somewhere, every command and setting stands in it."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer.main

from polyphony.cli.audit import LogPrograms
from polyphony.cli.config import ConfigPrograms
from polyphony.cli.main import Programs, build
from polyphony.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """The names headings get: lower case, no signs, dashes for spaces."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text()), re.MULTILINE)
    plain = [re.sub(r"[^\w\s-]", "", one.lower()).strip() for one in headings]
    return {one.replace(" ", "-") for one in plain}


def dead(page: Path) -> Iterator[str]:
    for link in LINK.findall(FENCE.sub("", page.read_text())):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page):
    assert list(dead(page)) == []


def test_a_dead_link_and_a_dead_anchor_are_noticed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A title, here\n[a](no.md) [b](#nowhere) [c](#a-title-here) [d](https://x.y)")
    assert list(dead(page)) == ["no.md", "#nowhere"]


def test_the_index_names_every_page_of_the_four_kinds():
    index = ROOT / "docs/README.md"
    named = {(index.parent / link.partition("#")[0]).resolve() for link in LINK.findall(
        index.read_text()
    )}  # fmt: skip
    kinds = ("tutorials", "how-to", "reference", "explanation")
    pages = {page for kind in kinds for page in (ROOT / "docs" / kind).glob("*.md")}
    assert pages
    assert {str(page) for page in pages - named} == set()


def commands(group: click.Command, path: str = "polyphony") -> Iterator[tuple[str, click.Command]]:
    for name, command in getattr(group, "commands", {}).items():
        if not command.hidden:
            yield f"{path} {name}", command
            yield from commands(command, f"{path} {name}")


def test_the_reference_names_every_command_and_every_option():
    page = (ROOT / "docs/reference/cli.md").read_text()
    none = dict.fromkeys(Programs.__dataclass_fields__)
    files = ConfigPrograms(**dict.fromkeys(ConfigPrograms.__dataclass_fields__))
    logs = LogPrograms(**dict.fromkeys(LogPrograms.__dataclass_fields__))
    nobody = Programs(**none | {"config": files, "log": logs})
    found = list(commands(typer.main.get_command(build(nobody))))
    assert len(found) > 15
    for path, command in found:
        assert path in page or f"`{path.rpartition(' ')[2]}`" in page, path
        for option in (one for param in command.params for one in param.opts if "--" in one):
            assert option == "--help" or option in page, f"{path} {option}"


def test_the_reference_names_every_setting_with_its_description():
    page = (ROOT / "docs/reference/settings.md").read_text()
    for name, field in Settings.model_fields.items():
        assert f"| `{PREFIX}{name.upper()}` | " in page, name
        assert field.description in page, name
    named = set(re.findall(rf"^\| `{PREFIX}(\w+)`", page, re.MULTILINE))
    assert named == {name.upper() for name in Settings.model_fields}
