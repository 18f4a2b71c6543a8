"""The client's end, which the user library itself needs: its routines are `iacp`.

Original: none; there IACP is a library.
"""

from userlib.geos.iacp_session import RIACP

__all__ = ["RIACP"]
