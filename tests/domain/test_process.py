"""Processes: read strictly, walked as designed; joins, loops, waiving, reopening keep laws."""

from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from polyphony.domain import case_step, process_text
from polyphony.domain.case_step import (
    LIVE,
    MOVES,
    OPEN,
    ROUNDS_MAX,
    STUCK,
    WHO,
    Doer,
    StepMove,
    StepState,
)
from polyphony.domain.errors import Conflict, Forbidden, Invalid, Refusal
from polyphony.domain.move import By

QUEUE = "00000000-0000-0000-0000-00000000000a"
EVA, JAN, PETR = UUID(int=1), UUID(int=2), UUID(int=3)
AGENT, LEAD, TIMER = Doer(By.AGENT, EVA), Doer(By.SUPERVISOR, JAN), Doer(By.TIMER)


def work(key, **more):
    return {"key": key, "title": key, "kind": "work", "queue": QUEUE, **more}


def run_of(*steps, answer=lambda _: None):
    made = case_step.new(process_text.read(list(steps)), answer)
    case_step.begin(made)
    return made


def states(run):
    return {one.key: one.state.value for one in run.steps.values()}


# ── reading ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("steps", "code", "field"),
    [
        ([], "process.steps", None),
        ([{"key": "a", "title": "a"}], "process.step", "queue"),
        ([work("A")], "process.step", "key"),
        ([work("a", title="")], "process.step", "title"),
        ([work("a", kind="dance")], "process.step", "kind"),
        ([work("a", colour="red")], "process.step", "colour"),
        ([{"key": "a", "title": "a", "kind": "timer"}], "process.step", "wait_s"),
        ([work("a", approvals=0)], "process.step", "approvals"),
        ([work("a", join="some")], "process.step", "join"),
        ([work("a", checklist=[{"key": "x"}])], "process.step", "checklist"),
        (
            [work("a", requirements=[{"skill": "cs", "min_level": 9}])],
            "process.step",
            "requirements",
        ),
        ([work("a"), work("a")], "process.step_twice", None),
        ([work("a", next=[{"to": "z"}])], "process.target_unknown", "next"),
        ([work("a", on_reject="b"), work("b")], "process.target_unknown", "on_reject"),
        ([work("a", group="g"), work("b"), work("c", group="g")], "process.group_apart", None),
        ([work("a", form=[{"key": "x"}])], "form.field", 1),
        ([work("a", enter_if="nonsense ==")], "rule.syntax", None),
        ([work("a", enter_if="customer.shoe == 1")], "rule.unknown_field", None),
        ([work("a", enter_if="answers.b.x > 1")], "rule.fails", None),
    ],
)
def test_a_wrong_process_is_refused_with_the_step_and_the_field(steps, code, field):
    with pytest.raises(Invalid) as refused:
        process_text.read(steps)
    assert refused.value.code == code
    assert refused.value.facts.get("field") == field


def test_conditions_may_name_the_answers_of_forms_and_what_is_kept_reads_back():
    form = [{"key": "amount", "label": "Amount", "type": "number"}]
    found = process_text.read(
        [
            work("look", form=form, next=[{"to": "pay", "if": "answers.look.amount < 1000"}]),
            work("agree", kind="approval", approvals=2),
            work("pay", enter_if='customer.tier == "vip" || size(tags) == 0'),
            {"key": "end", "title": "End", "kind": "close"},
        ]
    )
    assert process_text.read(process_text.as_json(found)) == found


def test_neighbours_of_one_group_are_one_stage():
    found = process_text.read([work("a"), work("b", group="g"), work("c", group="g"), work("d")])
    assert [[one.key for one in stage] for stage in found.stages] == [["a"], ["b", "c"], ["d"]]


# ── walking ─────────────────────────────────────────────────────────────────────────────────────


def test_steps_follow_one_another_and_the_end_solves_the_case():
    run = run_of(work("a"), work("b"), {"key": "end", "title": "End", "kind": "close"})
    assert run.live == ["a"]
    case_step.finish(run, "a", AGENT)
    assert run.live == ["b"]
    assert not run.closes
    case_step.finish(run, "b", AGENT)
    assert (run.live, run.closes, run.over) == ([], True, True)
    assert set(states(run).values()) == {"done"}


def test_a_group_is_joined_by_all_or_by_the_first():
    run = run_of(work("a", group="g"), work("b", group="g"), work("c"))
    assert run.live == ["a", "b"]
    case_step.finish(run, "b", AGENT)
    assert run.live == ["a"]
    case_step.finish(run, "a", AGENT)
    assert run.live == ["c"]
    run = run_of(work("a", group="g", join="any"), work("b", group="g", join="any"), work("c"))
    case_step.finish(run, "b", AGENT)
    assert run.live == ["c"]
    assert (run.steps["a"].state, run.steps["a"].why) == (StepState.WAIVED, "joined")


def test_a_step_is_entered_only_if_its_condition_does_not_say_no():
    plan = [work("a"), work("b", enter_if="case.complaint"), work("c")]
    for answer, expected in ((False, ["c"]), (True, ["b"]), (None, ["b"])):
        run = run_of(*plan, answer=lambda _, said=answer: said)
        case_step.finish(run, "a", AGENT)
        assert run.live == expected


def test_the_first_next_whose_condition_holds_leads_on_and_what_lies_between_is_passed_over():
    plan = [work("a", next=[{"to": "c", "if": "case.complaint"}]), work("b"), work("c")]
    run = run_of(*plan, answer=lambda _: True)
    case_step.finish(run, "a", AGENT)
    assert run.live == ["c"]
    assert (run.steps["b"].state, run.steps["b"].why) == (StepState.WAIVED, "skipped")
    run = run_of(*plan, answer=lambda _: None)
    case_step.finish(run, "a", AGENT)
    assert run.live == ["b"]


def test_a_rejection_goes_back_as_designed_or_ends_the_process():
    run = run_of(work("a"), work("b", on_reject="a"), work("c"))
    case_step.finish(run, "a", AGENT)
    case_step.reject(run, "b", AGENT)
    assert states(run) == {"a": "active", "b": "todo", "c": "todo"}
    assert run.steps["a"].rounds == 2
    run = run_of(work("a"), work("b"))
    case_step.reject(run, "a", AGENT)
    assert (states(run), run.over) == ({"a": "rejected", "b": "waived"}, True)


def test_a_process_enters_the_same_step_five_times_then_a_person_decides():
    run = run_of(work("a"), work("b", on_reject="a"))
    for _ in range(ROUNDS_MAX):
        case_step.finish(run, "a", AGENT)
        case_step.reject(run, "b", AGENT)
    assert run.stuck == ["a"]
    assert (run.steps["a"].state, run.steps["a"].why) == (StepState.WAITING, STUCK)
    case_step.waive(run, "a", LEAD)
    assert run.live == ["b"]


def test_an_approval_needs_different_people_and_never_who_did_it():
    run = run_of(work("a"), work("b", kind="approval", approvals=2), work("c"))
    case_step.finish(run, "a", AGENT)
    with pytest.raises(Conflict, match=r"case_step\.same_person"):
        case_step.finish(run, "b", AGENT)
    case_step.finish(run, "b", Doer(By.AGENT, JAN))
    assert (run.live, run.again) == (["b"], ["b"])
    with pytest.raises(Conflict, match=r"case_step\.same_person"):
        case_step.finish(run, "b", Doer(By.AGENT, JAN))
    case_step.finish(run, "b", Doer(By.AGENT, PETR))
    assert run.live == ["c"]


def test_what_waits_is_ended_by_time_or_the_customer_and_not_rejected():
    run = run_of({"key": "w", "title": "Wait", "kind": "wait_customer", "wait_s": 60}, work("a"))
    assert (run.steps["w"].state, run.entered) == (StepState.WAITING, ["w"])
    with pytest.raises(Conflict):
        case_step.reject(run, "w", AGENT)
    case_step.finish(run, "w", TIMER)
    assert run.live == ["a"]


def test_a_reopened_step_is_done_again_and_everything_after_it():
    run = run_of(work("a"), work("b"), work("c"))
    case_step.finish(run, "a", AGENT)
    case_step.finish(run, "b", AGENT)
    with pytest.raises(Forbidden):
        case_step.reopen(run, "a", AGENT)
    case_step.reopen(run, "a", LEAD)
    assert states(run) == {"a": "active", "b": "todo", "c": "todo"}
    assert "c" in run.ended


def test_what_a_person_waived_ahead_is_passed_over_also_the_second_time():
    run = run_of(work("a"), work("b"), work("c", on_reject="a"))
    case_step.waive(run, "b", LEAD)
    case_step.finish(run, "a", AGENT)
    assert run.live == ["c"]
    case_step.reject(run, "c", AGENT)
    case_step.finish(run, "a", AGENT)
    assert run.live == ["c"]


def test_every_state_move_and_actor_is_legal_exactly_as_listed():
    for state in StepState:
        for what in StepMove:
            for by in By:
                answer = case_step.move(state, what, by)
                legal = (state, what) in MOVES and by in WHO[state, what]
                assert isinstance(answer, Refusal) is not legal
    assert not {StepMove.FINISH, StepMove.REJECT} & {
        what for state, what in MOVES if state is StepState.TODO
    }


# ── laws ────────────────────────────────────────────────────────────────────────────────────────

ANSWERS = st.sampled_from([True, False, None])


@st.composite
def plans(draw):
    """Between two and eight steps with groups, conditions, loops back and jumps."""
    count = draw(st.integers(2, 8))
    keys = [f"s{number}" for number in range(count)]
    steps, group = [], 0
    for number, key in enumerate(keys):
        group += draw(st.integers(0, 1))
        kind = draw(st.sampled_from(["work", "work", "work", "approval", "timer"]))
        step = work(key, kind=kind, wait_s=60, join="all")
        step["group"] = f"g{group}" if draw(st.booleans()) else ""
        if draw(st.booleans()):
            step["enter_if"] = "case.complaint"
        if draw(st.integers(0, 3)) == 0:
            step["next"] = [{"to": draw(st.sampled_from(keys)), "if": "case.complaint"}]
        if draw(st.booleans()):
            step["on_reject"] = keys[draw(st.integers(0, number))]
        if kind == "approval":
            step["approvals"] = draw(st.integers(1, 2))
        steps.append(step)
    for group in {one["group"] for one in steps if one["group"]}:
        join = draw(st.sampled_from(["all", "any"]))
        for one in steps:
            if one["group"] == group:
                one["join"] = join
    return steps


class Walking(RuleBasedStateMachine):
    @initialize(plan=plans(), said=st.lists(ANSWERS, min_size=1, max_size=7))
    def start(self, plan, said):
        try:
            read = process_text.read(plan)
        except Invalid:  # a group that stands apart, a way back that leads ahead
            read = process_text.read([{**one, "group": "", "on_reject": None} for one in plan])
        turn = iter(range(10**9))
        self.run = case_step.new(read, lambda _: said[next(turn) % len(said)])
        self.reopened = set()
        self.people = 0
        case_step.begin(self.run)

    def doer(self, by=By.AGENT):
        self.people += 1
        return Doer(by, UUID(int=self.people))

    def one_of(self, data, among):
        return data.draw(st.sampled_from(sorted(among)))

    @precondition(lambda self: self.run.live)
    @rule(data=st.data())
    def finish(self, data):
        key = self.one_of(data, self.run.live)
        before = dict(self.run.steps)
        case_step.finish(self.run, key, self.doer())
        self.moved(before)

    @precondition(lambda self: any(s.state is StepState.ACTIVE for s in self.run.steps.values()))
    @rule(data=st.data())
    def reject(self, data):
        active = [one.key for one in self.run.steps.values() if one.state is StepState.ACTIVE]
        before = dict(self.run.steps)
        case_step.reject(self.run, self.one_of(data, active), self.doer())
        self.moved(before)

    @precondition(lambda self: not self.run.over)
    @rule(data=st.data())
    def waive(self, data):
        left = [one.key for one in self.run.steps.values() if one.state in OPEN]
        before = dict(self.run.steps)
        case_step.waive(self.run, self.one_of(data, left), self.doer(By.SUPERVISOR))
        self.moved(before)

    @precondition(lambda self: any(s.state not in OPEN for s in self.run.steps.values()))
    @rule(data=st.data())
    def reopen(self, data):
        over = [one.key for one in self.run.steps.values() if one.state not in OPEN]
        key = self.one_of(data, over)
        before = dict(self.run.steps)
        case_step.reopen(self.run, key, self.doer(By.SUPERVISOR))
        self.reopened.add(key)
        self.moved(before)

    def moved(self, before):
        """Live or not, what changed was said: nothing ends or begins in silence."""
        for key, step in self.run.steps.items():
            if before[key].state in LIVE and step.state not in LIVE:
                assert key in self.run.ended
            if step.rounds > before[key].rounds and step.state in LIVE and step.why != STUCK:
                assert key in self.run.entered
        self.run.entered.clear()
        self.run.ended.clear()

    @invariant()
    def one_stage_at_a_time_is_worked_on(self):
        if hasattr(self, "run"):
            assert len({self.run.plan.stage[one] for one in self.run.live}) <= 1

    @invariant()
    def nothing_is_left_behind_and_nothing_done_ahead(self):
        if not hasattr(self, "run"):
            return
        run = self.run
        if not run.live:
            assert run.over
            return
        here = run.plan.stage[run.live[0]]
        for one in run.steps.values():
            if run.plan.stage[one.key] < here:
                assert one.state not in OPEN
            if run.plan.stage[one.key] > here:
                assert one.state is StepState.TODO or one.why == "person"

    @invariant()
    def rounds_are_counted(self):
        if hasattr(self, "run"):
            for one in self.run.steps.values():
                assert one.rounds <= ROUNDS_MAX


TestWalking = Walking.TestCase
TestWalking.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
