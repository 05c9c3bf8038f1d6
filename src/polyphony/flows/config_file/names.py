"""Names: what everything is called in a configuration file, and which thing a name stands for."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(slots=True)
class Names:
    """What everything is called in the file: id → name, and back, per section."""

    by_id: dict[str, dict[str, str]] = field(default_factory=dict)

    def give(self, section: str, id_: object, name: str) -> None:
        """Call a thing by a name."""
        self.by_id.setdefault(section, {})[str(id_)] = name

    def of(self, section: str, id_: object) -> str | None:
        """Return the name of a thing; None for none."""
        return None if id_ is None else self.by_id.get(section, {}).get(str(id_))

    def id_of(self, section: str, name: str) -> UUID | None:
        """Return the thing of a name; None when there is none."""
        for id_, one in self.by_id.get(section, {}).items():
            if one == name:
                return UUID(id_)
        return None
