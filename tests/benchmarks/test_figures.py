from __future__ import annotations

import pytest

from .figures import FIGURES, Figure


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_figure_is_within_its_limit(figure: Figure) -> None:
    """Each figure that docs/performance.md promises is kept on this machine."""
    assert figure.measure() <= figure.limit, figure.about
