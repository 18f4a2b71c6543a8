"""Shares of a file, against the whole sharing matrix, and in any order."""

from typing import Final

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from kernel.abi.errors import KErrArgument, KErrInUse
from servers.fileserver.failure import Refused
from servers.fileserver.memory_mount import MemoryMount
from servers.fileserver.modes import EFileWrite
from servers.fileserver.names import FileName
from servers.fileserver.open_file import Fcb, Share, joint_mode

E, R, A, W = 0, 1, 2, 3
NAMES: Final = dict(zip("ERAW", (E, R, A, W), strict=True))

# Rows: the new open; columns: Exclusive, ReadersOnly, Any, ReadersOrWriters without a
# writer, the same with one. A dot is KErrInUse, a letter the common mode after it.
MATRIX: Final = {
    E: ".....",
    R: ".R.R.",
    A: "..AAA",
    W: ".RAWW",
    W | EFileWrite: "..AWW",
}


@pytest.mark.parametrize("new", MATRIX)
@pytest.mark.parametrize("column", range(5))
def test_the_matrix(new: int, column: int) -> None:
    current, has_writer = min(column, W), column == 4
    expected = MATRIX[new][column]
    if expected == ".":
        with pytest.raises(Refused) as caught:
            joint_mode(current, has_writer=has_writer, mode=new)
        assert caught.value.code == KErrInUse
    else:
        joint = joint_mode(current, has_writer=has_writer, mode=new)
        assert joint == NAMES[expected]


def test_an_unknown_mode_is_an_argument() -> None:
    with pytest.raises(Refused) as caught:
        joint_mode(A, has_writer=False, mode=9)
    assert caught.value.code == KErrArgument


class Sharing(RuleBasedStateMachine):
    """Opens and closes; who is in together must be allowed to be."""

    def __init__(self) -> None:
        super().__init__()
        file = MemoryMount(1 << 20).create(("f",), 0)
        self.fcb = Fcb(FileName(0, (), "f"), file)
        self.shares: list[Share] = []

    @rule(share=st.integers(0, 3), write=st.booleans())
    def open(self, share: int, write: bool) -> None:
        if share == R and write:
            return
        mode = share | (EFileWrite if write else 0)
        try:
            self.fcb.check_joining(mode)
        except Refused:
            assert self.shares
            return
        self.shares.append(self.fcb.join(mode))

    @rule(number=st.integers(0, 9))
    def close(self, number: int) -> None:
        if self.shares:
            share = self.shares.pop(number % len(self.shares))
            assert self.fcb.leave(share) == (not self.shares)

    @rule(number=st.integers(0, 9), position=st.integers(0, 9))
    def lock(self, number: int, position: int) -> None:
        if self.shares:
            share = self.shares[number % len(self.shares)]
            try:
                self.fcb.lock(share, position, 2)
            except Refused:
                return
            self.fcb.check_unlocked(share, position, position + 2)

    @invariant()
    def those_who_are_in_agree(self) -> None:
        modes = [share.share_mode for share in self.shares]
        assert modes.count(E) in (0, 1)
        assert E not in modes or len(modes) == 1
        assert not (R in modes and A in modes)
        assert not (R in modes and any(share.may_write for share in self.shares))
        if self.shares:
            self.fcb.check()


TestSharing = Sharing.TestCase
