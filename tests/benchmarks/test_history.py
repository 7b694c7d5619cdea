from __future__ import annotations

from . import history


def test_a_page_of_a_long_history() -> None:
    """A page of a million calls costs at most twice that of a thousand."""
    assert history.page_ratio() <= 2


def test_loading_a_long_day() -> None:
    """A call of a world with 100 000 calls loads about as fast as one of a tenth of them."""
    assert history.loading_ratio() <= 1.5


def test_streaming_a_long_record() -> None:
    """A one-hour stereo wav is streamed with less than 1 MB."""
    assert history.streaming_kb() < 1000
