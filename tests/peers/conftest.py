"""One Dovecot and one Postfix per run, ended by pid; absent ones skip with the reason."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.peers.daemons import (
    DOVECOT,
    POSTFIX,
    Dovecot,
    Postfix,
    certificates,
    missing,
    open_folder,
    remove,
)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    if why := missing(DOVECOT):
        pytest.skip(why)
    folder = open_folder(Path(tempfile.mkdtemp(prefix="dovecot-")))
    peer = Dovecot(folder, certificates(folder))
    peer.configure()
    peer.start()
    try:
        yield peer
    finally:
        peer.stop()
        remove(folder)


@pytest.fixture(scope="session")
def postfix(dovecot: Dovecot) -> Iterator[Postfix]:
    if why := missing(POSTFIX):
        pytest.skip(why)
    folder = open_folder(Path(tempfile.mkdtemp(prefix="postfix-")))
    peer = Postfix(folder, dovecot)
    peer.configure()
    peer.start()
    try:
        yield peer
    finally:
        peer.stop()
        remove(folder)
