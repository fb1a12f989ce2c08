"""Sample feeds of six invented outlets, a loopback server for them, and what they must end in.

The case of Armanaz (Syria, September 2017) is told with its real figures; every other incident, every outlet and
every name is invented, in towns that exist.  All texts were written for this project.

`feeds/` holds each feed as it is first, `feeds/later/` those that change: one article is edited when its toll
rises from 28 to 40, and one arrives late.  `expected.json` is what an analyst reads in them.
"""

from tallywire.samples.expected import Expectations, ExpectedIncident, ExpectedToll, expectations
from tallywire.samples.server import SampleServer

__all__ = ["Expectations", "ExpectedIncident", "ExpectedToll", "SampleServer", "expectations"]
