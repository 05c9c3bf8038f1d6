"""Post mail: hand one mail of our own to its mailbox and say what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from polyphony.domain.channel import ChannelKind
from polyphony.domain.errors import Refusal
from polyphony.domain.failure import SendFailure, Temporary, TooFast, Uncertain
from polyphony.domain.message import Outbound
from polyphony.ports import Account, Outside

SENDS = 4
LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of it: sent, uncertain, failed; queued = to be tried again at ``not_before``."""

    state: str
    why: str = ""
    not_before: datetime | None = None


async def post_mail(outbound: Outbound, account: Account, outside: Outside, sends: int) -> Fate:
    """Send one mail outside any transaction; never again when nobody knows whether it left.

    ``sends`` counts the tries with this one.
    """
    door = outside.channels[ChannelKind.EMAIL]
    try:
        await door.send(account, door.render(outbound, account), outbound.id)
    except (Temporary, TooFast) as later:
        if sends >= SENDS:
            return Fate("failed", later.code)
        wait = later.after_s if isinstance(later, TooFast) else 5.0 * 2**sends
        return Fate("queued", later.code, outside.now() + timedelta(seconds=wait))
    except Uncertain as unknown:
        return Fate("uncertain", unknown.code)
    except (SendFailure, Refusal) as refused:
        return Fate("failed", refused.code)
    return Fate("sent")
