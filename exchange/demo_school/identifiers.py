"""Keys that are the same for the same seed: UUIDv7 in shape, drawn from the school's own chance."""

import datetime as dt
import random
import uuid

_VERSION_7 = 7 << 76
_VARIANT = 2 << 62


class Keys:
    """Gives one new key after another; each begins one millisecond later than the last, so that they sort as made."""

    def __init__(self, seed: str, day: dt.date) -> None:
        self._chance = random.Random(seed)
        begins = dt.datetime.combine(day, dt.time(), dt.UTC) - dt.timedelta(days=1)
        self._milliseconds = int(begins.timestamp() * 1000)

    def new(self) -> uuid.UUID:
        """The next key."""
        self._milliseconds += 1
        bits = self._chance.getrandbits(74)
        upper, lower = bits >> 62, bits & ((1 << 62) - 1)
        return uuid.UUID(int=(self._milliseconds << 80) | _VERSION_7 | (upper << 64) | _VARIANT | lower)
