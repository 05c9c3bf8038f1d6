"""Outside for tests of flows: real keys and files, no network, readers that tests hand in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from tests.make.moment import AT

from polyphony.domain.channel import ChannelKind
from polyphony.domain.failure import Unreadable
from polyphony.integrations import keyring
from polyphony.integrations.storage import FilesOnDisk
from polyphony.ports import Channel, Outside, Parsed, Raw


class NoReader:
    """Tests of flows hand in what was read; nothing is read here."""

    async def read(self, batch: Sequence[Raw]) -> Sequence[Parsed | Unreadable]:
        return [Unreadable("no_reader") for _ in batch]


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime = AT) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def outside(
    folder: Path,
    channels: Mapping[ChannelKind, Channel] | None = None,
    clock: Clock | None = None,
    reader: object | None = None,
) -> Outside:
    keys = keyring.create(folder / "keys.json", AT)
    files = FilesOnDisk(folder / "files")
    return Outside(channels or {}, reader or NoReader(), files, keys, clock or Clock())
