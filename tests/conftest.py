"""What all tests share; machines come from `tools.pytest_plugin`."""

import pytest
from hypothesis import HealthCheck, settings

# How long a computer takes says nothing of what is tested.
_ANY_SPEED = (HealthCheck.too_slow,)

settings.register_profile(
    "same", deadline=None, derandomize=True, suppress_health_check=_ANY_SPEED
)
settings.register_profile(
    "random", deadline=None, print_blob=True, suppress_health_check=_ANY_SPEED
)


def pytest_configure(config: pytest.Config) -> None:
    """The same examples in each run, unless `--hypothesis-profile` says otherwise."""
    if config.getoption("hypothesis_profile", default=None) is None:
        settings.load_profile("same")
