"""Puts events into the queues of the threads that run their destinations."""

from kernel.abi.event_queue import EventData
from servers.iacp.letters import NO_TICKET
from userlib.geos.event import Event, pack_value, unpack_value
from userlib.geos.iacp_ticket import ticket_event
from userlib.geos.meta import MSG_META_IACP_PROCESS_MESSAGE
from userlib.geos.sending import pack_all, post, route
from userlib.geos.values import Optr


class KernelPost:
    """The post of a running machine: see `MPost`.

    Nothing here dispatches: that could ask the IACP server, and it is the caller.
    """

    def deliver(self, target: Optr, event: EventData, travel: int, ticket: int) -> bool:
        completion = None if ticket == NO_TICKET else ticket_event(ticket)
        values = pack_all((Event.unpack(event), travel, completion))
        message = MSG_META_IACP_PROCESS_MESSAGE.number
        wire = (target.chunk, message, values, pack_value(target))
        return post(target.thread, wire)

    def fire(self, completion: EventData) -> bool:
        _, number, values, destination, _ = completion
        dest = unpack_value(destination)
        if not isinstance(dest, Optr | int):
            return False
        queue, chunk = route(dest)
        return post(queue, (chunk, number, values, destination))  # type: ignore[arg-type] # packed
