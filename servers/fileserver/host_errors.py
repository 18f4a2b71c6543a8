"""The host's errors, in the emulated system's words."""

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Final

from kernel.abi.errors import (
    KErrAccessDenied,
    KErrAlreadyExists,
    KErrArgument,
    KErrBadName,
    KErrCorrupt,
    KErrDiskFull,
    KErrDisMounted,
    KErrGeneral,
    KErrInUse,
    KErrNoMemory,
    KErrNotFound,
    KErrNotReady,
    KErrPathNotFound,
    KErrTooBig,
    TErr,
)
from servers.fileserver.failure import Refused

_CODES: Final[Mapping[int, TErr]] = MappingProxyType(
    {
        errno.ENOENT: KErrNotFound,
        errno.ENOTDIR: KErrPathNotFound,
        errno.ELOOP: KErrAccessDenied,  # a symbolic link where O_NOFOLLOW met it
        errno.EACCES: KErrAccessDenied,
        errno.EPERM: KErrAccessDenied,
        errno.EROFS: KErrAccessDenied,
        errno.EISDIR: KErrAccessDenied,
        errno.ENXIO: KErrAccessDenied,  # a device or a FIFO nobody serves
        errno.EEXIST: KErrAlreadyExists,
        errno.ENOTEMPTY: KErrInUse,
        errno.EBUSY: KErrInUse,
        errno.ETXTBSY: KErrInUse,
        errno.ENOSPC: KErrDiskFull,
        errno.EDQUOT: KErrDiskFull,
        errno.EFBIG: KErrTooBig,
        errno.ENAMETOOLONG: KErrBadName,
        errno.EILSEQ: KErrBadName,
        errno.EMFILE: KErrNoMemory,
        errno.ENFILE: KErrNoMemory,
        errno.ENOMEM: KErrNoMemory,
        errno.EIO: KErrCorrupt,
        errno.ENODEV: KErrNotReady,
        errno.ESTALE: KErrDisMounted,
    }
)


def host_code(error: OSError) -> TErr:
    """The code for a host's error; KErrGeneral for what nobody thought of."""
    return _CODES.get(error.errno or 0, KErrGeneral)


@contextmanager
def host_errors() -> Iterator[None]:
    """Host work inside fails with `Refused`, and with nothing else."""
    try:
        yield
    except OSError as error:
        raise Refused(host_code(error)) from error
    except OverflowError as error:
        # A time that the host's clock doesn't reach.
        raise Refused(KErrArgument) from error
    except UnicodeEncodeError as error:
        # The host's file names have an encoding that lacks a character.
        raise Refused(KErrBadName) from error
