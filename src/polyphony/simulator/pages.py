"""Pages of the pretended world: YAML files of ours, read in the order of their names."""

from collections.abc import Iterator
from importlib import import_module
from importlib.resources.abc import Traversable

yaml = import_module("yaml")  # it brings no types of its own


def one(page: Traversable) -> dict[str, object]:
    """Read one page; raise ValueError when it is no mapping."""
    found = yaml.safe_load(page.read_text("utf-8"))
    if not isinstance(found, dict):
        raise ValueError(page.name)  # noqa: TRY004 - the content is wrong, not a type of ours
    return found


def read(folder: Traversable) -> Iterator[tuple[str, dict[str, object]]]:
    """Read all pages of a folder with their names."""
    for page in sorted(folder.iterdir(), key=lambda found: found.name):
        if page.name.endswith(".yaml"):
            yield page.name.removesuffix(".yaml"), one(page)
