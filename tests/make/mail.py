"""What a customer mailed, as the reader understands it, and the raw arrival it came in."""

from uuid import UUID

from tests.make.moment import AT, new_id

from polyphony.domain.channel import Address, ChannelKind
from polyphony.domain.message import Automated, Inbound, Part
from polyphony.flows import receive
from polyphony.ports import Account, Raw
from polyphony.store.database import Session


def inbound(
    sender: str = "petr@customer.example",
    text: str = "Where is my parcel?",
    *,
    key: str = "",
    kind: ChannelKind = ChannelKind.EMAIL,
    scope: str = "",
    message_id: str = "",
    level: int = 1,
    parts: tuple[Part, ...] = (),
    automated: Automated = Automated.NO,
    cid: UUID | None = None,
    **more: object,
) -> Inbound:
    key = key or str(new_id())
    extra = {"message_id": message_id, "cid": str(cid or "")}
    return Inbound(
        key=key,
        sender=Address(kind, sender, scope),
        recipient="desk@desk.example",
        text=text,
        sender_name=str(more.pop("sender_name", "Petr Novák")),
        subject=str(more.pop("subject", "Parcel" if kind is ChannelKind.EMAIL else "")),
        level=level,
        parts=parts,
        automated=automated,
        extra=extra,
        language="en",
        **more,
    )


def raw(account: UUID, said: Inbound, arrival: UUID, body: bytes = b"raw") -> Raw:
    kind = said.sender.kind
    return Raw(arrival, Account(account, kind, "Desk", "desk@desk.example"), said.key, body, AT)


async def arrive(session: Session, account: UUID, *said: Inbound) -> list[Raw]:
    """Keep and claim these; return what a worker would then read."""
    kept = [receive.Kept(account, one.key, b"raw", AT) for one in said]
    ids = await receive.keep(session, kept)
    await receive.claim(session, 1000, AT)
    return [raw(account, one, id_) for one, id_ in zip(said, ids, strict=True)]
