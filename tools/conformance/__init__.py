"""Which cases of the specifications the tests cover: cases, collector, report."""

from tools.conformance.collected import ConformanceError
from tools.conformance.report import conformance_report, print_report

__all__ = ["ConformanceError", "conformance_report", "print_report"]
