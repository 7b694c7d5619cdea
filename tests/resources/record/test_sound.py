"""The sound of records, as a player hears it."""

import array
import io
import itertools
import tracemalloc
from datetime import timedelta

import pytest

from mockpbx.resources.record.sound import Sound, bit_rate, sound

#: form, stereo -> codec, layout
FORMATS = {
    ("mp3", False): ("mp3float", "mono"),
    ("mp3", True): ("mp3float", "stereo"),
    ("wav", False): ("pcm_s16le", "1 channels"),
    ("wav", True): ("pcm_s16le", "2 channels"),
}

heard_by_a_player = pytest.mark.neighbour("av")
every_format = pytest.mark.parametrize(("form", "stereo"), FORMATS)


def made(form: str, stereo: bool, seconds: float) -> Sound:
    return sound(form, stereo=stereo, length=timedelta(seconds=seconds))


def data_of(one: Sound) -> bytes:
    return b"".join(one.read(0, one.size))


def played(data: bytes) -> tuple[list[list[float]], float]:
    """The samples of each channel, and how many seconds they last."""
    import av

    with av.open(io.BytesIO(data)) as file:
        resampler = av.AudioResampler("fltp", rate=8000)
        channels: list[list[float]] = []
        for frame in file.decode(audio=0):
            for whole in resampler.resample(frame):
                for index, plane in enumerate(whole.planes):
                    if index == len(channels):
                        channels.append([])
                    channels[index].extend(array.array("f", bytes(plane)[: 4 * whole.samples]))
    return channels, len(channels[0]) / 8000


def crossings_a_second(samples: list[float]) -> float:
    """How often the sound wave goes from below to above zero: its tone."""
    middle = samples[4000:-4000]
    rises = sum(before < 0 <= after for before, after in itertools.pairwise(middle))
    return rises * 8000 / len(middle)


@heard_by_a_player
@every_format
@pytest.mark.fact("PHN-50")
def test_format(form: str, stereo: bool) -> None:
    """A player sees the documented codec, rate, channels and bit rate."""
    import av

    with av.open(io.BytesIO(data_of(made(form, stereo, 10)))) as file:
        codec = file.streams.audio[0].codec_context
        found = codec.name, codec.layout.name, codec.sample_rate, codec.bit_rate
    bits = {"mp3": 16_000, "wav": 128_000}[form] * (2 if stereo else 1)
    assert found == (*FORMATS[form, stereo], 8000, bits)
    assert bit_rate(form, stereo=stereo) == bits


@heard_by_a_player
@every_format
@pytest.mark.parametrize("seconds", [1, 11.42, 125])
@pytest.mark.fact("PHN-50", "REC-2")
def test_length(form: str, stereo: bool, seconds: float) -> None:
    """It plays as long as the talk was; an mp3 to half a frame of 72 ms."""
    import av

    data = data_of(made(form, stereo, seconds))
    with av.open(io.BytesIO(data)) as file:
        assert file.duration is not None
        told = file.duration / 1_000_000
    _, heard = played(data)
    half_a_frame = 0.0361 if form == "mp3" else 0.0
    assert told == heard == pytest.approx(seconds, abs=half_a_frame)


@every_format
@pytest.mark.fact("PHN-50")
def test_no_talk(form: str, stereo: bool) -> None:
    """A talk of no length gives a head and no sound."""
    one = made(form, stereo, 0)
    assert len(data_of(one)) == one.size == (44 if form == "wav" else 0)


@heard_by_a_player
@pytest.mark.parametrize("form", ["mp3", "wav"])
@pytest.mark.fact("PHN-50")
def test_tones(form: str) -> None:
    """In stereo each side is a tone of its own, loud enough and never clipped."""
    channels, _ = played(data_of(made(form, True, 4)))
    tones = [crossings_a_second(channel) for channel in channels]
    assert tones == [pytest.approx(440, abs=2), pytest.approx(685, abs=8)]
    assert all(0.2 < max(channel) < 0.3 for channel in channels)


@every_format
@pytest.mark.parametrize(
    ("start", "stop"), [(0, 1), (0, 44), (10, 60), (43, 45), (65_000, 140_000), (159_990, 160_044)]
)
@pytest.mark.fact("REC-2")
def test_parts(form: str, stereo: bool, start: int, stop: int) -> None:
    """Any part is what the whole has in that place."""
    one = made(form, stereo, 80 if form == "mp3" else 10)
    whole = data_of(one)
    start, stop = min(start, one.size), min(stop, one.size)
    assert b"".join(one.read(start, stop)) == whole[start:stop]
    assert len(whole) == one.size


@pytest.mark.fact("REC-2")
def test_memory() -> None:
    """An hour of stereo wav is read in less than a megabyte."""
    one = made("wav", True, 3600)
    tracemalloc.start()
    try:
        length = sum(len(chunk) for chunk in one.read(0, one.size))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert length == one.size == 44 + 3600 * 32_000
    assert most < 1_000_000
