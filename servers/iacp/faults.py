"""A mistake of a client's, on its way back to it."""

from userlib.geos.iacp_protocol import IACPFault


class Fatal(Exception):
    """The client must not have asked; nothing has changed."""

    def __init__(self, fault: IACPFault) -> None:
        super().__init__(fault.name)
        self.fault = fault
