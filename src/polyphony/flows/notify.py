"""Notify: tell people what concerns them; only who may see the matter is told of it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from polyphony.domain.event import SYSTEM, Actor
from polyphony.domain.notice import GATHERED, NewNotice, NoticeKind, shortened
from polyphony.domain.permission import CaseFacts, leads, sees, supervised
from polyphony.flows.announce import announce
from polyphony.store import followers, inbox, messages, notices, people, staff
from polyphony.store.database import Session
from polyphony.store.keys import keys
from polyphony.store.notices import NoticeRow


async def notify(
    session: Session, given: Sequence[NewNotice], at: datetime, actor: Actor = SYSTEM
) -> list[UUID]:
    """Tell people; return the notices written or renewed.

    Who is gone, or does not see the Case, is passed over. Some kinds stand once per Case while
    nobody has read them (``domain.notice.GATHERED``).
    """
    wanted = await _allowed(session, given)
    if not wanted:
        return []
    titles = await notices.titles(session, [one.case_id for one in wanted if one.case_id])
    rows = [
        NoticeRow(
            id_, one.person_id, NoticeKind(one.kind).value, one.case_id, one.message_id,
            one.from_name[:200],
            shortened(one.text or titles.get(one.case_id or one.person_id, "")), at,
            one.urgent, one.run_id,
        )
        for id_, one in zip(keys(at, len(wanted)), wanted, strict=True)
    ]  # fmt: skip
    gathered = await notices.gather(session, [one for one in rows if one.kind in GATHERED])
    fresh = [one for one in rows if (one.person_id, one.kind, one.case_id) not in gathered]
    await notices.add(session, fresh)
    told = [*gathered.values(), *(one.id for one in fresh)]
    await announce(session, actor=actor, notices=told)
    return told


async def _allowed(session: Session, given: Sequence[NewNotice]) -> list[NewNotice]:
    if not given:
        return []
    scopes = await people.scopes(session, sorted({one.person_id for one in given}))
    facts = await inbox.facts(session, sorted({one.case_id for one in given if one.case_id}))
    kept = {
        (one.person_id, one.kind, one.case_id, one.message_id, one.run_id): one
        for one in given
        if one.person_id in scopes
        and (
            one.case_id is None
            or (one.case_id in facts and sees(scopes[one.person_id], facts[one.case_id]))
        )
    }
    return list(kept.values())


async def followed(
    session: Session,
    said: Sequence[tuple[UUID, UUID, str, str]],
    at: datetime,
    but: UUID | None = None,
) -> None:
    """Tell followers of Cases that somebody answered: (Case, Message, who, words) each.

    ``but`` is the author: nobody is told of his own words.
    """
    who = await followers.of_cases(session, [one[0] for one in said])
    if not who:
        return
    newest = {case: (message, name, words) for case, message, name, words in said}
    await notify(
        session,
        [
            NewNotice(person, NoticeKind.FOLLOWED_REPLY, case, *newest[case])
            for case, person in who
            if person != but
        ],
        at,
    )


async def undelivered(session: Session, failed: Sequence[tuple[UUID, str]], at: datetime) -> None:
    """Tell authors that their answers did not arrive: (Message, address) each.

    What a process said in a Case nobody owns is told to its leads.
    """
    wrote = await messages.authors(session, [one[0] for one in failed])
    to = dict(failed)
    nobodys = sorted({case for _, case, author, _ in wrote if author is None})
    facts = await inbox.facts(session, nobodys) if nobodys else {}
    leads = {case: await leads_of(session, known) for case, known in facts.items()}
    await notify(
        session,
        [
            NewNotice(one, NoticeKind.DELIVERY_FAILED, case, message, to[message], text)
            for message, case, author, text in wrote
            for one in ([author] if author else leads.get(case, []))
        ],
        at,
    )


async def late(session: Session, cases: Sequence[UUID], at: datetime) -> None:
    """Tell who works on Cases (else their owners), and their leads, that an answer is due."""
    if not cases:
        return
    who = await followers.at_work_on(session, cases)
    scopes = await people.scopes(session, await followers.supervisors(session))
    facts = await inbox.facts(session, sorted(cases))
    leads = [
        (case, one)
        for case, known in sorted(facts.items())
        for one, scope in sorted(scopes.items())
        if known.department in supervised(scope)
    ]
    told = [NewNotice(one, NoticeKind.SLA_WARNING, case) for case, one in (*who, *leads)]
    await notify(session, told, at)


async def lookers(session: Session, wanted: Sequence[UUID], case: CaseFacts) -> dict[UUID, bool]:
    """Return for active people whether they see a Case."""
    scopes = await people.scopes(session, list(wanted))
    return {one: sees(scope, case) for one, scope in scopes.items()}


async def leads_of(session: Session, case: CaseFacts) -> list[UUID]:
    """Return the supervisors of the department of a Case who see it."""
    scopes = await people.scopes(session, await followers.supervisors(session))
    return [
        one
        for one, scope in sorted(scopes.items())
        if case.department in supervised(scope) and sees(scope, case)
    ]


async def leads_over(session: Session, agents: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Return who supervises a department of each agent."""
    places = await staff.departments_of_all(session, agents)
    scopes = await people.scopes(session, await followers.supervisors(session)) if places else {}
    return {
        agent: [one for one, scope in sorted(scopes.items()) if leads(scope, departments)]
        for agent, departments in places.items()
    }
