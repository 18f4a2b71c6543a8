"""Where nondeterminism comes from on the `explore` back-end.

Every decision is an integer out of a stream seeded once: the same seed, the same
program, the same run. 0 is the first option; options stand in the order of thread ids.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable


class RandomWalk:
    """Uniform choice at every decision point.

    `choose(options)` is an index below *options*; a closure, since a request passes
    several decision points.
    """

    def __init__(self, seed: int) -> None:
        draw = random.Random(seed).random
        self.choose: Final[Callable[[int], int]] = lambda options: int(draw() * options)
