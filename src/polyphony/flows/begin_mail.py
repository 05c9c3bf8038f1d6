"""Begin mail: the stretch in which a talk goes on by e-mail with the address the visitor proved."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from polyphony.domain.interaction import InteractionState, Mode
from polyphony.store.interactions import InteractionRow
from polyphony.store.keys import key


def going_on(
    stretches: Iterable[InteractionRow], case: UUID, mailbox: UUID | None, address: UUID | None
) -> InteractionRow | None:
    """Return the stretch of a Case that already goes on between a mailbox and an address."""
    return next(
        (
            one
            for one in stretches
            if (one.case_id, one.account_id, one.identity_id) == (case, mailbox, address)
            and one.state != InteractionState.ENDED.value
        ),
        None,
    )


def begin_mail(
    talk: InteractionRow,
    mailbox: UUID,
    address: UUID,
    words: tuple[str | None, str],
    at: datetime,
) -> InteractionRow:
    """Begin a stretch beside a talk, in the same hands; ``words``: language, subject.

    It is quiet: we write first, and nobody waits for us there.
    """
    language, subject = words
    return InteractionRow(
        id=key(at),
        case_id=talk.case_id,
        channel_kind="email",
        account_id=mailbox,
        identity_id=address,
        record_id=talk.record_id,
        thread_key="",
        direction="out",
        mode=Mode.ASYNC.value,
        state=InteractionState.QUIET.value,
        language=language,
        subject=subject,
        agent_id=talk.agent_id,
        opened_at=at,
        last_in_at=None,
        last_out_at=at,
        first_human_reply_at=None,
        ended_at=None,
        ended_by=None,
    )
