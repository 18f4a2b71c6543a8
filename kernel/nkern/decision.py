"""Where nondeterminism comes from on the `explore` back-end.

Every decision is an integer out of a stream seeded once: the same seed, the same
program, the same run. 0 is the first option; options stand in the order of thread ids.
"""

import random
from typing import Final


class RandomWalk:
    """Uniform choice at every decision point."""

    def __init__(self, seed: int) -> None:
        self._random: Final = random.Random(seed).random

    def choose(self, options: int) -> int:
        """An index below *options*."""
        return int(self._random() * options)
