"""The bench tells the truth: targets, the middle run, failed checks, exit codes, percentiles."""

import io

import pytest
from rich.console import Console

from polyphony.app.bench import floors, machine, run
from polyphony.app.bench.report import Head, Measured, Target, document, show

LOWER = Target("cost", "lower", 2.0, 1.0)


def measured(cost=1.5, **more):
    return Measured(ops=10, wall_s=2.0, cpu_us_per_op={"app": 1.0}, ratios={"cost": cost}, **more)


def told(*runs, target=LOWER, quiet=True):
    head = Head("read", "quick", 1, {})
    return document(head, {"quiet": quiet}, {"drift": 0.0}, runs, (target,))


@pytest.mark.parametrize(
    ("better", "value", "met"),
    [("lower", 2.0, True), ("lower", 2.1, False), ("higher", 2.0, True), ("higher", 1.9, False)],
)
def test_a_target_is_met_at_its_very_value(better, value, met):
    assert Target("cost", better, 2.0).judged(value)["met"] is met


def test_what_was_not_measured_is_not_met():
    assert LOWER.judged(None)["met"] is False


def test_the_stretch_is_judged_apart():
    assert (LOWER.judged(1.5)["met"], LOWER.judged(1.5)["stretch_met"]) == (True, False)


def test_wall_time_of_a_busy_machine_is_not_judged_but_cpu_is():
    wall = Target("cost", "lower", 2.0, wall=True)
    assert told(measured(), target=wall, quiet=False)["targets"][0]["met"] is None
    assert told(measured(), target=wall)["targets"][0]["met"] is True
    assert told(measured(), quiet=False)["targets"][0]["met"] is True


def test_the_middle_of_several_runs_is_told_with_their_spread():
    result = told(measured(4.0), measured(1.0), measured(2.0))
    assert (result["ratios"], result["runs"]) == ({"cost": 2.0}, 3)
    assert result["spread"] == {"cost": 0.75}


def test_one_run_whose_promise_did_not_hold_makes_the_figure_invalid():
    assert told(measured(checks={"stored": (10, 10)}))["valid"] is True
    assert told(measured(), measured(checks={"stored": (9, 10)}))["valid"] is False
    assert told(measured(errors=1))["valid"] is False


def test_percentiles_need_enough_samples():
    assert floors.percentile([1.0] * 999, 0.99) is None
    assert floors.percentile(list(range(1001)), 0.99) == pytest.approx(990, abs=1)
    assert floors.percentile([1.0] * 19, 0.5) is None


def test_a_server_without_durability_is_named():
    safe = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
    assert machine.unsafe(safe) == []
    assert machine.unsafe({**safe, "fsync": "off"}) == ["fsync"]


def test_the_load_of_others_makes_the_machine_not_quiet():
    before, after = machine.Moment(0, 0, 0, 0.0), machine.Moment(1000, 500, 0, 1.0)
    assert machine.describe(before, after, ours_s=5.0)["quiet"] is True
    assert machine.describe(before, after, ours_s=1.0)["quiet"] is False


def test_an_unknown_bench_is_exit_code_2(capsys):
    assert run.run("reed", run.Ask(), as_json=True) == 2
    assert "intake-mail" in capsys.readouterr().err


@pytest.mark.parametrize(("found", "valid"), [(3, True), (2, False)])
def test_a_failed_check_makes_the_whole_result_invalid(found, valid):
    assert told(measured(checks={"stored": (found, 3)}))["valid"] is valid


def test_the_floors_are_shown_when_no_ratio_is_asked_for():
    run = Measured(0, 0.0, {}, {})
    floor = {"single_commit": {"p50_ms": 0.375, "per_s": 736}, "drift": 0.1}
    told = io.StringIO()
    show(document(Head("floors", "quick", 1, {}), {}, floor, [run], []), Console(file=told))
    assert "single_commit" in told.getvalue()
    assert "p50_ms 0.38, per_s 736" in told.getvalue()
    assert "target" not in told.getvalue()
