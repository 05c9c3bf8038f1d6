"""What was acknowledged to the pretended world."""

from polyphony.simulator.ledger import Ledger, marks


def test_marks_come_back_in_order_and_a_cut_line_was_never_acknowledged(tmp_path):
    path = tmp_path / "ledger.jsonl"
    ledger = Ledger(path)
    ledger.acknowledged("a1", channel="chat")
    ledger.acknowledged("b2", channel="email")
    ledger.close()
    with path.open("a") as torn:
        torn.write('{"mark": "c3", "chan')
    assert [line["mark"] for line in marks(path)] == ["a1", "b2"]
