"""Threading: headers propose, rights decide, for every sequence of events."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from polyphony.domain.case import CaseState
from polyphony.domain.threading import CaseFacts, How, Placement, Proposal, place

AT = datetime(2026, 11, 23, tzinfo=UTC)


def id_(name):
    return uuid5(UUID(int=0), str(name))


A, B, C = id_("a"), id_("b"), id_("c")


def facts(*cases):
    return {one.id: one for one in cases}


def test_without_proposals_a_new_case_opens():
    assert place([], {}, 1, AT) == Placement(None)
    assert place([Proposal(How.THREAD, A)], {}, 2, AT) == Placement(None)


@pytest.mark.parametrize("how", [How.TOKEN, How.THREAD, How.REFERENCE])
@pytest.mark.parametrize("participant", [True, False])
@pytest.mark.parametrize("proved", [True, False])
@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_a_participant_joins_by_a_right_token_or_a_proved_address_only(
    how, participant, proved, level
):
    found = place(
        [Proposal(how, A, proved=proved)],
        facts(CaseFacts(A, CaseState.OPEN, participant)),
        level,
        AT,
    )
    if participant and (proved or level >= 2):
        assert found == Placement(A, why=how.name.lower())
    else:
        assert found == Placement(None, link=("perhaps", A), why="no_right")


def test_the_best_allowed_proposal_wins_whatever_the_order():
    cases = facts(
        CaseFacts(A, CaseState.OPEN, participant=False), CaseFacts(B, CaseState.OPEN, True)
    )
    offered = [Proposal(How.REFERENCE, B), Proposal(How.TOKEN, A, proved=True)]
    assert place(offered, cases, 2, AT).case == B
    assert place(offered[::-1], cases, 1, AT).link == ("perhaps", A)


@pytest.mark.parametrize(
    ("state", "until", "link"),
    [
        (CaseState.OPEN, None, None),
        (CaseState.WAIT_CUSTOMER, None, None),
        (CaseState.WAIT_THIRD_PARTY, None, None),
        (CaseState.SOLVED, AT + timedelta(seconds=1), None),
        (CaseState.SOLVED, AT, ("follows", A)),
        (CaseState.CLOSED, None, ("follows", A)),
        (CaseState.DISCARDED, None, ("follows", A)),
    ],
)
def test_what_is_over_is_followed_not_joined(state, until, link):
    found = place(
        [Proposal(How.TOKEN, A, proved=True)],
        facts(CaseFacts(A, state, True, reopen_until=until)),
        1,
        AT,
    )
    assert found.link == link
    assert (found.case is None) == (link is not None)


def test_a_merged_case_leads_to_where_it_went_on():
    cases = facts(
        CaseFacts(A, CaseState.MERGED, True, merged_into=B),
        CaseFacts(B, CaseState.MERGED, False, merged_into=C),
        CaseFacts(C, CaseState.OPEN, False),
    )
    assert place([Proposal(How.TOKEN, A, proved=True)], cases, 1, AT).case == C


def test_a_circle_of_merges_ends():
    cases = facts(
        CaseFacts(A, CaseState.MERGED, True, merged_into=B),
        CaseFacts(B, CaseState.MERGED, True, merged_into=A),
    )
    assert place([Proposal(How.TOKEN, A, proved=True)], cases, 2, AT) == Placement(None)


proposals = st.builds(
    Proposal,
    how=st.sampled_from([How.TOKEN, How.THREAD, How.REFERENCE]),
    case=st.sampled_from([A, B, C]),
    proved=st.booleans(),
)
states = st.sampled_from(list(CaseState))


@settings(max_examples=2000, deadline=None)
@given(
    offered=st.lists(proposals, max_size=6),
    found=st.tuples(states, states, states),
    parts=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    level=st.integers(0, 1),
)
def test_nobody_without_a_right_token_ever_enters_at_a_low_level(offered, found, parts, level):
    cases = facts(
        *(
            CaseFacts(one, state, part, merged_into=A if state is CaseState.MERGED else None)
            for one, state, part in zip((A, B, C), found, parts, strict=True)
        )
    )
    answer = place(offered, cases, level, AT)
    if answer.case is not None or (answer.link or ("",))[0] == "follows":
        right = {one.case for one in offered if one.proved}
        joined = answer.case or answer.link[1]
        came = {one for one in right if one == joined or cases[one].merged_into == joined}
        assert came
        assert any(cases[one].participant for one in came) or cases[joined].participant


class Desk(RuleBasedStateMachine):
    """Customers, agents and forgers write in any order; the desk never mixes strangers."""

    @initialize()
    def open(self):
        self.cases = {}
        self.members = {}
        self.said = {}
        self.count = 0

    @rule(
        who=st.integers(0, 3),
        level=st.integers(1, 2),
        at=st.integers(-1, 6),
        token=st.sampled_from(["none", "own", "stolen"]),
    )
    def write(self, who, level, at, token):
        known = sorted(self.cases)
        aim = known[at % len(known)] if known and at >= 0 else None
        offered = []
        if aim is not None:
            owner = who in self.members[aim]
            proved = token == "own" and owner
            how = How.THREAD if token == "none" else How.TOKEN
            offered = [Proposal(how, aim, proved=proved)]
        seen = facts(
            *(CaseFacts(one, state, who in self.members[one]) for one, state in self.cases.items())
        )
        answer = place(offered, seen, level, AT)
        case = answer.case
        if case is None:
            self.count += 1
            case = id_(f"case {self.count}")
            self.cases[case] = CaseState.OPEN
            self.members[case] = {who}
            self.said[case] = set()
        self.said[case].add(who)
        self.cases[case] = CaseState.OPEN

    @rule(at=st.integers(0, 6), state=st.sampled_from(["wait_customer", "solved", "closed"]))
    def work(self, at, state):
        known = sorted(self.cases)
        if known:
            self.cases[known[at % len(known)]] = CaseState(state)

    @rule(at=st.integers(0, 6), who=st.integers(0, 3))
    def invite(self, at, who):
        known = sorted(self.cases)
        if known:
            self.members[known[at % len(known)]].add(who)

    @invariant()
    def nobody_speaks_where_he_does_not_belong(self):
        for case, voices in getattr(self, "said", {}).items():
            assert voices <= self.members[case]


Desk.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
test_no_order_of_letters_mixes_strangers = Desk.TestCase
