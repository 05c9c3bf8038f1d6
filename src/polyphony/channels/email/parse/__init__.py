"""Mail bytes to our words; pure: no network, no database, no clock."""

from polyphony.channels.email.parse.inbound import (
    Door,
    Found,
    arrival_key,
    read_arrival,
    to_inbound,
)
from polyphony.channels.email.parse.read import read_mail
from polyphony.channels.email.parse.shape import Limits, ReadMail, unreadable

__all__ = [
    "Door",
    "Found",
    "Limits",
    "ReadMail",
    "arrival_key",
    "read_arrival",
    "read_mail",
    "to_inbound",
    "unreadable",
]
