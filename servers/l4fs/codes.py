"""From the file server's codes to those of L4."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Final

from kernel.abi.errors import (
    KErrAccessDenied,
    KErrAlreadyExists,
    KErrArgument,
    KErrBadName,
    KErrDirFull,
    KErrDiskFull,
    KErrInUse,
    KErrLocked,
    KErrNoMemory,
    KErrNotFound,
    KErrNotReady,
    KErrNotSupported,
    KErrPathNotFound,
    KErrPermissionDenied,
    KErrTooBig,
    Leave,
)
from userlib.l4re.consts import L4Err
from userlib.l4re.errors import L4Error

CODES: Final[Mapping[int, L4Err]] = MappingProxyType(
    {
        KErrAccessDenied: L4Err.L4_EACCESS,
        KErrAlreadyExists: L4Err.L4_EEXIST,
        KErrArgument: L4Err.L4_EINVAL,
        KErrBadName: L4Err.L4_EINVAL,
        KErrDirFull: L4Err.L4_ENOSPC,
        KErrDiskFull: L4Err.L4_ENOSPC,
        KErrInUse: L4Err.L4_EBUSY,
        KErrLocked: L4Err.L4_EBUSY,
        KErrNoMemory: L4Err.L4_ENOMEM,
        KErrNotFound: L4Err.L4_ENOENT,
        KErrNotReady: L4Err.L4_ENODEV,
        KErrNotSupported: L4Err.L4_ENOSYS,
        KErrPathNotFound: L4Err.L4_ENOENT,
        KErrPermissionDenied: L4Err.L4_EPERM,
        KErrTooBig: L4Err.L4_ERANGE,
    }
)


@contextmanager
def l4_errors() -> Iterator[None]:
    """What leaves in here is raised as an L4Error; L4_EIO for what has no like."""
    try:
        yield
    except Leave as leave:
        code = CODES.get(leave.code, L4Err.L4_EIO)
        raise L4Error(code) from leave
