"""Reads of what is not there yet, in files opened with ReadAsyncAll.

Such a read with a status waits until the file has grown enough, whoever made it grow,
or until it is cancelled. Specification 8.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kernel.abi.errors import KErrCancel
from servers.fileserver.request import FsRequest, answer

if TYPE_CHECKING:
    from servers.fileserver.open_file import Fcb, Share


@dataclass(frozen=True, slots=True, eq=False)
class WaitingRead:
    """One read; *status* is by what its client can cancel it."""

    request: FsRequest
    share: "Share"
    position: int
    length: int
    status: int

    @property
    def end(self) -> int:
        return self.position + self.length

    def finish(self) -> None:
        """All that was asked for is there."""
        answer(self.request.message, self._read)

    def _read(self) -> None:
        file = self.share.fcb.file
        self.request.free()
        data = self.request.drive.call(file.read, self.position, self.length)
        self.request.message.write(0, data)
        self.share.position = self.end

    def cancel(self) -> None:
        self.request.free()
        self.request.message.complete(KErrCancel)


def finish_reads(fcb: "Fcb", size: int) -> None:
    """The file has *size* bytes now; who waited for no more is served."""
    served = [read for read in fcb.waiting if read.end <= size]
    fcb.waiting = [read for read in fcb.waiting if read.end > size]
    for read in served:
        read.finish()


def cancel_reads(share: "Share", status: int = 0) -> None:
    """Cancel the reads of *share* that wait: all, or that with a status."""
    fcb = share.fcb
    ended = [
        read
        for read in fcb.waiting
        if read.share is share and status in (0, read.status)
    ]
    fcb.waiting = [read for read in fcb.waiting if read not in ended]
    for read in ended:
        read.cancel()
