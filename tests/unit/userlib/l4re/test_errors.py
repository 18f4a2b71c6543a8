"""L4Error: codes, names, and the codes of IPC."""

import pytest

from userlib.l4re import consts
from userlib.l4re.errors import L4Error


def test_an_error_has_a_positive_code_and_its_name() -> None:
    for given in (consts.L4_EINVAL, -consts.L4_EINVAL):
        error = L4Error(given)
        assert (error.code, error.name, str(error)) == (
            22,
            "L4_EINVAL",
            "L4_EINVAL (22)",
        )
        assert (error.is_ipc_error, error.ipc_code) == (False, 0)
    assert L4Error(77).name == "77"


def test_an_ipc_error_has_the_code_of_the_ipc() -> None:
    error = L4Error.of_ipc(consts.L4_IPC_RETIMEOUT)
    assert (error.code, error.name) == (2003, "L4_IPC_RETIMEOUT")
    assert (error.is_ipc_error, error.ipc_code) == (True, 3)
    assert L4Error(2001).name == "L4_EIPC_LO + 1"


def test_success_is_no_error() -> None:
    with pytest.raises(ValueError, match="L4_EOK is no error"):
        L4Error(consts.L4_EOK)


def test_constants_have_the_numbers_of_the_originals() -> None:
    assert (consts.L4_EMSGTOOSHORT, consts.L4_EDROPREPLY, consts.L4_EIPC_HI) == (
        1001,
        1005,
        2031,
    )
    assert (consts.L4_PROTO_META, consts.L4RE_PROTO_RM) == (-21, 0x4005)
    assert int(consts.L4_FPAGE_FULL) == 0xEF
    assert consts.L4Proto(0x4004 + 1) is consts.L4RE_PROTO_RM
    assert 0x4004 not in set(consts.L4Proto)
