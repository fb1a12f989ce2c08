"""The machine that figures were measured on."""

import os
import platform
from datetime import datetime
from pathlib import Path

import psutil

from tallywire.bench.figures import significant

_CPU_INFO = Path("/proc/cpuinfo")


def describe(at: datetime) -> str:
    """Return machine, Python, date and how busy the machine is, in full sentences."""
    memory = significant(psutil.virtual_memory().total / 2**30)
    busy, _, _ = os.getloadavg()
    return (
        f"Measured on {at.date().isoformat()}: {os.cpu_count()} cores ({_processor()}), {memory} GiB of memory, "
        f"{platform.system()}, Python {platform.python_version()}. "
        f"At the start {significant(busy)} processes were running or waiting (load average of one minute)."
    )


def _processor() -> str:
    """Return the processor's name where the system tells it, else its architecture."""
    if _CPU_INFO.exists():
        for line in _CPU_INFO.read_text("utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.machine()
