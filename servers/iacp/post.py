"""Puts events into the queues of the threads that run their destinations."""

from kernel.abi.event_queue import EventData
from servers.iacp.letters import NO_TICKET
from userlib.geos.constants import MF_FORCE_QUEUE
from userlib.geos.event import Event, pack_value
from userlib.geos.iacp_ticket import ticket_event
from userlib.geos.messaging import message_dispatch
from userlib.geos.meta import MSG_META_IACP_PROCESS_MESSAGE
from userlib.geos.sending import pack_all, post
from userlib.geos.values import Optr


class KernelPost:
    """The post of a running machine: see `MPost`."""

    def deliver(self, target: Optr, event: EventData, travel: int, ticket: int) -> bool:
        completion = None if ticket == NO_TICKET else ticket_event(ticket)
        values = pack_all((Event.unpack(event), travel, completion))
        message = MSG_META_IACP_PROCESS_MESSAGE.number
        wire = (target.chunk, message, values, pack_value(target))
        return post(target.thread, wire)

    def fire(self, completion: EventData) -> None:
        message_dispatch(Event.unpack(completion), MF_FORCE_QUEUE)
