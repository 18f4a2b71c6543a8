"""`eka conformance`: which cases of the specifications have a test."""

from tools.cli.refusal import Refusal
from tools.cli.status import Status
from tools.conformance import ConformanceError, conformance_report, print_report


def show_conformance(*, as_json: bool) -> Status:
    """Collect the tests and print the report."""
    try:
        print_report(conformance_report(), json=as_json)
    except ConformanceError as error:
        raise Refusal(str(error)) from error
    return Status.OK
