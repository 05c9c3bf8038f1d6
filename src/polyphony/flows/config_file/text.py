"""The text of a configuration file: YAML in and out, every fault with the line it stands in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml  # type: ignore[import-untyped] # it brings no types
from pydantic import ValidationError
from yaml.nodes import (  # type: ignore[import-untyped] # it brings no types
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
)

from polyphony.domain.errors import Invalid
from polyphony.flows.config_file.plain import Wrong
from polyphony.flows.config_file.shape import File

TEXT_MAX = 2_000_000
_NUMBER, _TRUTH, _NOTHING = "tag:yaml.org,2002:int", ("true", "false"), ("", "~", "null")
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong where; ``line`` counts from 1."""

    line: int
    path: str
    code: str
    detail: str = ""


class Faulty(Invalid):
    """The file cannot be taken in; ``facts['faults']`` says what and where."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        told = [
            {"line": one.line, "path": one.path, "code": one.code, "detail": one.detail}
            for one in sorted(faults, key=lambda one: one.line)[:100]
        ]
        super().__init__("config.faulty", {"faults": told})


@dataclass
class Read:
    """A file that was read: what it says, and in which line each of its things begins."""

    file: File
    lines: Mapping[Path, int] = field(default_factory=dict)

    def line(self, *path: str | int) -> int:
        """Return the line of a thing, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def write(file: File) -> str:
    """Write a file: names sorted, what has its default left out."""
    data = file.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    return str(
        yaml.dump(
            {"version": 1, **data},
            Dumper=_Dumper,
            allow_unicode=True,
            sort_keys=False,
            width=100,
        )
    )


class _Dumper(yaml.SafeDumper):  # type: ignore[misc] # it brings no types
    """Writes several lines as a block, and nothing as a reference to something above."""

    def ignore_aliases(self, _: object) -> bool:
        """Write equal things twice: a file is for people."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> ScalarNode:
    style = "|" if "\n" in text and text.strip() else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def read(text: str) -> Read:
    """Read a file; raise Faulty with all that is wrong and where."""
    if len(text) > TEXT_MAX:
        raise Invalid("file.too_large", {"limit": TEXT_MAX})
    lines: dict[Path, int] = {}
    faults: list[Fault] = []
    data = _value(_composed(text), (), lines, faults)
    if faults:
        raise Faulty(faults)
    found = Read(File.model_construct(version=1), lines)
    try:
        found.file = File.model_validate(data)
    except ValidationError as wrong:
        raise Faulty([_fault(one, found) for one in wrong.errors()]) from wrong
    return found


def _composed(text: str) -> Node | None:
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                line = event.start_mark.line + 1
                raise Faulty([Fault(line, "", "config.alias", str(event.anchor))])
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as broken:
        mark = broken.problem_mark or broken.context_mark
        line = mark.line + 1 if mark else 1
        raise Faulty([Fault(line, "", "config.syntax", str(broken.problem or ""))]) from broken
    except (yaml.YAMLError, RecursionError) as broken:
        raise Faulty([Fault(1, "", "config.syntax", str(broken)[:200])]) from broken


def _value(node: Node | None, path: Path, lines: dict[Path, int], faults: list[Fault]) -> Any:  # noqa: ANN401 - plain JSON of any kind
    if node is None:
        return None
    lines[path] = node.start_mark.line + 1
    if isinstance(node, MappingNode):
        return dict(_members(node, path, lines, faults))
    if isinstance(node, SequenceNode):
        return [_value(one, (*path, n), lines, faults) for n, one in enumerate(node.value)]
    return _scalar(node)


def _members(
    node: MappingNode, path: Path, lines: dict[Path, int], faults: list[Fault]
) -> Iterator[tuple[str, Any]]:
    seen = set()
    for name, member in node.value:
        line = name.start_mark.line + 1
        if not isinstance(name, ScalarNode):
            faults.append(Fault(line, _said(path), "config.key", ""))
            continue
        key = str(name.value)
        if key in seen:
            faults.append(Fault(line, _said((*path, key)), "config.twice", key))
        seen.add(key)
        value = _value(member, (*path, key), lines, faults)
        lines[*path, key] = line
        yield key, value


def _scalar(node: Node) -> str | int | float | bool | None:
    """Understand a plain word: numbers, true, false and null; times and dates stay text."""
    text = str(node.value)
    if getattr(node, "style", None) in ("'", '"', "|", ">"):
        return text
    if text in _NOTHING:
        return None
    if text in _TRUTH:
        return text == "true"
    if node.tag == _NUMBER and text.lstrip("-+").isdecimal():
        return int(text)
    if node.tag.endswith(":float") and text.replace(".", "", 1).lstrip("-").isdecimal():
        return float(text)
    return text


def _fault(one: Any, found: Read) -> Fault:  # noqa: ANN401 - what pydantic reports
    path: Path = tuple(one["loc"])
    own = one.get("ctx", {}).get("error")
    if isinstance(own, Wrong):
        return Fault(found.line(*path), _said(path), f"config.{own.code}", own.detail)
    return Fault(found.line(*path), _said(path), f"config.{one['type']}", str(one["msg"]))


def _said(path: Path) -> str:
    return " → ".join(str(part + 1 if isinstance(part, int) else part) for part in path)
