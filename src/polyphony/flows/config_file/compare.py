"""Compare: what of a file differs from the configuration there is, thing by thing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from polyphony.flows.config_file import shape
from polyphony.flows.config_file.export import Present
from polyphony.flows.config_file.shape import SECTIONS
from polyphony.flows.config_file.text import Read

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is added or changed; ``fields`` are (name, before, after)."""

    section: str
    name: str
    op: str  # add | change
    fields: tuple[tuple[str, object, object], ...]

    def told(self) -> Json:
        """Write it for a screen."""
        fields = [{"name": name, "before": old, "after": new} for name, old, new in self.fields]
        return {"section": self.section, "name": self.name, "op": self.op, "fields": fields}


def differences(found: Read, now: Present) -> list[Difference]:
    """Compare a file with the present configuration; things it does not name are left alone."""
    told = []
    for section in SECTIONS:
        wanted: Mapping[str, BaseModel] = getattr(found.file, section) or {}
        there: Mapping[str, BaseModel] = getattr(now.file, section) or {}
        for name, one in wanted.items():
            fields = tuple(_fields(there.get(name), one))
            if name not in there or fields:
                op = "change" if name in there else "add"
                told.append(Difference(section, name, op, fields))
    return told + _rules(found, now)


def _fields(old: BaseModel | None, new: BaseModel) -> Iterator[tuple[str, object, object]]:
    before = _plain(old, None) if old else {}
    for name, after in _plain(new, old).items():
        if before.get(name) != after and not (old is None and after in (None, "", [], {})):
            yield name, before.get(name), after


def _plain(one: BaseModel, was: BaseModel | None) -> Json:
    """Write a thing to compare it; of a logo only which, left out it is the one that was."""
    said = one.model_dump(mode="json", by_alias=True)
    if isinstance(one, shape.Brand):
        logo = one.logo or (was.logo if isinstance(was, shape.Brand) else None)
        said["logo"] = logo.sha256 if logo else None
    return said


def _rules(found: Read, now: Present) -> list[Difference]:
    if found.file.rules is None:
        return []
    was = {one.id: one for one in now.file.rules or []}
    wanted = {one.id: one for one in found.file.rules}
    told = []
    for name, one in wanted.items():
        fields = tuple(_fields(was.get(name), one))
        if name not in was or fields:
            told.append(Difference("rules", name, "change" if name in was else "add", fields))
    told += [
        Difference("rules", name, "remove", (("when", one.when, None),))
        for name, one in was.items()
        if name not in wanted
    ]
    before, after = list(was), list(wanted)
    if not told and before != after:
        told.append(Difference("rules", "", "change", (("order", before, after),)))
    return told
