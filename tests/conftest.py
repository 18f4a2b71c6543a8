"""What all tests share; machines come from `tools.pytest_plugin`."""

import pytest
from hypothesis import settings


def pytest_configure(config: pytest.Config) -> None:
    """Random examples, except where two runs have to be equal."""
    settings.register_profile("eka", deadline=None, print_blob=True)
    settings.register_profile("eka-twice", deadline=None, derandomize=True)
    twice = config.getoption("eka_twice", default=False)
    settings.load_profile("eka-twice" if twice else "eka")
