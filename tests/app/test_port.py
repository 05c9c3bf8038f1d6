"""The port: taken ones are named with their holder, never replaced silently."""

import os
import socket

import pytest

from polyphony.app import port
from polyphony.app.port import PortTaken
from polyphony.settings import Settings


def test_a_taken_port_is_told_with_its_holder_and_the_way_out():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        number = other.getsockname()[1]
        with pytest.raises(PortTaken) as taken:
            port.check(Settings(port=number))
    assert f"POLYPHONY_PORT={number + 1}" in str(taken.value)
    assert f"process {os.getpid()}" in str(taken.value)
    port.check(Settings(port=number))


def test_an_address_that_is_not_ours_is_told():
    with pytest.raises(PortTaken, match="Cannot listen"):
        port.check(Settings(host="192.0.2.1", insecure=True))
