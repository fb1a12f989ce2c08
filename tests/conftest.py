"""What every test shares."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "tallywire",
    deadline=None,  # a busy machine isn't a defect: speed is measured by `make bench`
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),  # in CI the same commit gives the same answer
)
settings.load_profile("tallywire")
