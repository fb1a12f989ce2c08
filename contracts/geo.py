"""Distances on the globe."""

from math import asin, atan2, cos, degrees, radians, sin, sqrt

EARTH_DIAMETER_KM = 12742.0
"""Twice the mean radius R1 of the GRS 80 ellipsoid, to the kilometre."""


def kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the great-circle distance of two points in WGS-84 degrees, in kilometres (haversine formula)."""
    phi1, phi2 = radians(lat1), radians(lat2)
    chord = sin((phi2 - phi1) / 2) ** 2 + cos(phi1) * cos(phi2) * sin(radians(lon2 - lon1) / 2) ** 2
    return EARTH_DIAMETER_KM * asin(min(1.0, sqrt(chord)))


def bearing(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the direction in which the great circle leaves the first point for the second, in degrees from north.

    The formula for the initial course of E. Williams's Aviation Formulary.
    """
    phi1, phi2, east = radians(lat1), radians(lat2), radians(lon2 - lon1)
    course = atan2(sin(east) * cos(phi2), cos(phi1) * sin(phi2) - sin(phi1) * cos(phi2) * cos(east))
    return degrees(course) % 360.0


def destination(lat: float, lon: float, course: float, distance: float) -> tuple[float, float]:
    """Return the point that lies `distance` kilometres from one in the direction `course` (degrees from north).

    The formula for latitude and longitude by radial and distance of E. Williams's Aviation Formulary.
    """
    phi, theta, angle = radians(lat), radians(course), 2.0 * distance / EARTH_DIAMETER_KM
    sine = sin(phi) * cos(angle) + cos(phi) * sin(angle) * cos(theta)
    east = atan2(sin(theta) * sin(angle) * cos(phi), cos(angle) - sin(phi) * sine)
    return degrees(asin(max(-1.0, min(1.0, sine)))), (lon + degrees(east) + 540.0) % 360.0 - 180.0
