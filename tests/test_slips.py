"""The list of slips: each stands in the tree as it is, so that a run plants what it says."""

from __future__ import annotations

import pytest
from slips.__main__ import ROOT, Slip, slips


@pytest.mark.parametrize("slip", slips(), ids=lambda slip: slip.key)
def test_a_slip_stands_once_where_its_list_says(slip: Slip) -> None:
    """A slip whose words have moved is planted nowhere, and the share that the gate sees would say nothing."""
    assert (ROOT / slip.file).read_text(encoding="utf-8").count(slip.was) == 1
    assert slip.was != slip.now
    assert all((ROOT / test.partition("::")[0]).is_file() for test in slip.seen_by)
