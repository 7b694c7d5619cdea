"""The sound of a recorded call, made byte by byte as it is read.

Nobody speaks in a simulated call, so each side is a tone: who called is the lower one, who was
called the higher one. A record is a head and a block of sound that repeats, whatever its length,
so that any part of it can be had without the rest.

Source: PHN-50, REC-2
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

RATE_HZ = 8000
#: Bytes that are handed out at a time.
CHUNK = 65_536

#: The tones of who called and of who was called: both fit a whole number of times into 25 ms.
_TONES_HZ = (440, 680)
_AMPLITUDE = 8000
#: Bytes of a wav that come before its sound.
_WAV_HEAD = 44
_SAMPLES = RATE_HZ // 40

#: One frame of MPEG 2.5 Layer III, and the spectral lines of the two tones. Both lines lie in the
#: middle of their band of 18, where decoders mix nothing of the next band in.
_FRAME_SAMPLES = 576
_LINES = (63, 99)
#: A spectral line is a steady tone when it turns by a quarter with each frame.
_SIGNS = (0, 1, 1, 0)
_GAIN = 202


@dataclass(frozen=True, slots=True)
class Sound:
    """The bytes of one record: `head`, then `block` again and again up to `size`."""

    mimetype: str
    head: bytes
    block: bytes
    size: int

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from `start` up to `stop`, in chunks."""
        if start < len(self.head):
            yield self.head[start:stop]
            start = len(self.head)
        run = self.block * (CHUNK // len(self.block) + 1)
        while start < stop:
            offset = (start - len(self.head)) % len(self.block)
            chunk = run[offset : offset + min(CHUNK, stop - start)]
            yield chunk
            start += len(chunk)


def sound(form: str, *, stereo: bool, length: timedelta) -> Sound:
    """The record of a talk of that length, as `wav` or `mp3`, with a tone for each side.

    In mono both sides are heard on the one channel. An mp3 is as long as the nearest number of
    whole frames of 72 ms.

    Source: PHN-50
    """
    return _wav(stereo, length) if form == "wav" else _mp3(stereo, length)


def longest(form: str, *, stereo: bool) -> timedelta | None:
    """The longest record that a file of that form can hold; None where there is no limit.

    The head of a wav counts its bytes in 32 bits.

    Source: PHN-50
    """
    if form != "wav":
        return None
    most = (2**32 - 1 - _WAV_HEAD) // (4 if stereo else 2)
    return timedelta(seconds=most // RATE_HZ)


def bit_rate(form: str, *, stereo: bool) -> int:
    """The bit rate of an MP3, in bits a second.

    Source: PHN-50
    """
    return (128_000 if form == "wav" else 16_000) * (2 if stereo else 1)


def _wav(stereo: bool, length: timedelta) -> Sound:
    width = 4 if stereo else 2
    size = round(length.total_seconds() * RATE_HZ) * width
    form = struct.pack(
        "<4sIHHIIHH", b"fmt ", 16, 1, width // 2, RATE_HZ, RATE_HZ * width, width, 16
    )
    head = struct.pack("<4sI4s", b"RIFF", 36 + size, b"WAVE") + form
    head += struct.pack("<4sI", b"data", size)
    return Sound("audio/wav", head, _samples(stereo), len(head) + size)


def _mp3(stereo: bool, length: timedelta) -> Sound:
    frames = round(length.total_seconds() * RATE_HZ / _FRAME_SAMPLES)
    block = b"".join(_frame(stereo, sign) for sign in _SIGNS)
    return Sound("audio/mpeg", b"", block, frames * len(block) // len(_SIGNS))


@cache
def _samples(stereo: bool) -> bytes:
    """25 ms of 16-bit samples."""
    one, other = (
        [_AMPLITUDE * math.sin(2 * math.pi * hz * n / RATE_HZ) for n in range(_SAMPLES)]
        for hz in _TONES_HZ
    )
    if stereo:
        values = [round(value) for pair in zip(one, other, strict=True) for value in pair]
    else:
        values = [round((low + high) / 2) for low, high in zip(one, other, strict=True)]
    return struct.pack(f"<{len(values)}h", *values)


@cache
def _frame(stereo: bool, sign: int) -> bytes:
    """72 ms of tones as one frame of constant bit rate, with nothing carried over from others.

    Its size in bytes is 72 times the bit rate over the sampling rate. The words are those of
    ISO/IEC 13818-3: header, side information, and the pairs of lines as Huffman code 1 has them.
    """
    size = 72 * bit_rate("mp3", stereo=stereo) // RATE_HZ
    rate_index, mode = (4, 0) if stereo else (2, 3)
    # Sync word, MPEG 2.5, Layer III, no checksum; bit rate, 8000 Hz, no padding; channels.
    header = f"{0xFFE3:016b}{rate_index:04b}{2:02b}00{mode:02b}000000"
    channels = [(_LINES[0],), (_LINES[1],)] if stereo else [_LINES]
    coded = [_lines(lines, sign) for lines in channels]
    side = "0" * 8 + ("00" if stereo else "0")
    for lines, bits in zip(channels, coded, strict=True):
        # Length, pairs, gain, no scale factors, a long block, Huffman code 1 in all three regions.
        pairs = lines[-1] // 2 + 1
        gain = _GAIN if stereo else _GAIN - 4
        side += (
            f"{len(bits):012b}{pairs:09b}{gain:08b}{0:09b}0{1:05b}{1:05b}{1:05b}{7:04b}{7:03b}00"
        )
    text = header + side + "".join(coded)
    return int(text.ljust(size * 8, "0"), 2).to_bytes(size, "big")


def _lines(lines: tuple[int, ...], sign: int) -> str:
    """The spectrum up to its last line, in pairs: nothing but a one on each of these lines."""
    pairs = ["1"] * (lines[-1] // 2 + 1)
    for line in lines:
        pairs[line // 2] = f"001{sign}" if line % 2 else f"01{sign}"
    return "".join(pairs)
