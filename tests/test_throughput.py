"""The throughput benchmark's product contestant still runs, and its sink counts what was sent."""

from pathlib import Path

import pytest

from benchmarks.throughput import workspace
from benchmarks.throughput.contestants import product, stdlib
from benchmarks.throughput.load import LARGE, SMALL, Load
from benchmarks.throughput.rounds import job_of
from benchmarks.throughput.sinks import fast_sink, imap_server


@pytest.mark.parametrize("load", [SMALL.scaled(3), LARGE.scaled(2)], ids=["4 kB", "2 MB"])
def test_the_product_sends_every_enrolled_letter_and_the_sink_has_them(tmp_path: Path, load: Load) -> None:
    enrolled = tmp_path / "enrolled"
    workspace.make(enrolled, load)

    with imap_server(1) as imap, fast_sink() as sink:
        job = job_of(load, sink, enrolled, 0, tools=tmp_path, imap_port=imap, scratch=tmp_path)
        result = product.send(job)
        ours = sink.taken()
        stdlib.send(job)
        both = sink.taken()

    assert ours is not None
    assert both is not None
    assert (ours["messages"], ours["broken"], ours["out_of_order"]) == (load.messages, 0, 0)
    assert both["messages"] == 2 * load.messages
    # Both send the same letter: a template that lost its text or its file would make the race unfair.
    assert ours["bytes"] == pytest.approx(both["bytes"] - ours["bytes"], rel=0.1)
    assert result.more["handed_over"] == load.messages
    assert 0 < result.more["parts"]["prepare"] < result.seconds
    assert result.peak_mb > 0
