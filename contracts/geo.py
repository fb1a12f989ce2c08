"""Distances on the globe."""

from math import asin, cos, radians, sin, sqrt

EARTH_DIAMETER_KM = 12742.0
"""Twice the mean radius R1 of the GRS 80 ellipsoid, to the kilometre."""


def kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the great-circle distance of two points in WGS-84 degrees, in kilometres (haversine formula)."""
    phi1, phi2 = radians(lat1), radians(lat2)
    chord = sin((phi2 - phi1) / 2) ** 2 + cos(phi1) * cos(phi2) * sin(radians(lon2 - lon1) / 2) ** 2
    return EARTH_DIAMETER_KM * asin(min(1.0, sqrt(chord)))
