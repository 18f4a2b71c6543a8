r"""Wires a server of three components and its client, as Ned's script does in L4Re.

    eka run --program examples/l4re/servers_in_c.py \
            --program examples/l4re/pupil.py examples/l4re/ned.py servers_in_c

prints

    calc [7, -1, -12, 3]
    counter [1, 2, 3]
    calc_counter [7, -1, -12, 3] [101, 102, 103]
    divide by zero: L4_EINVAL (22)

and so it does with `servers_in_cpp`: from outside there is no telling them apart.
"""

from userlib import RProcess
from userlib.l4re import Loader

NAMES = ("calc", "counter", "calc_counter")


def e32main() -> int:
    """The server may serve the gates; the client may call."""
    server = RProcess().command_line()
    loader = Loader()
    channels = {name: loader.new_channel() for name in NAMES}
    loader.start(server, caps={name: cap.svr() for name, cap in channels.items()})
    with loader.start("pupil", caps=channels) as app:
        return app.wait()
