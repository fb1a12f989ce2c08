"""Addresses of articles: as a reader opens them, and as the one form that all the ways to an article share."""

import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

TRACKING = re.compile(
    r"utm_\w+|at_(?:medium|campaign|custom\d|link\w*|format|ptr_name|bbc_team)|mc_[ce]id|fbclid|gclid|gclsrc|dclid|msclkid"
    r"|gbraid|wbraid|srsltid|ttclid|li_fat_id|yclid|_openstat|igshid?|twclid|_hs(?:enc|mi)|hss_channel|mkt_tok|ns_\w+"
    r"|cmp(?:id)?|ito|ocid|smid|smtyp|emc|xtor|icid|iref|ncid|wprss|ftag|ftcamp|wt\.mc_id|s_?c?_cid|sc_cid|rss"
    r"|feed(?:type|name)|trk|sr_share|taid|__twitter_impression|_gl|_ga|guccounter|guce_\w+|\.?tsrc|traffic_source"
    r"|maca|mbid|srnd|spm|vero_\w+|oly_\w+|campaign_id|cvid|share(?:d|_?id|type)?",
    re.IGNORECASE,
)
"""Query parameters that say how a reader came, not what is read; after the ClearURLs rules and news feeds' habits."""

VAGUE = frozenset({"ref", "source", "src", "from", "via", "partner", "mod", "service", "channel", "medium", "output"})
"""Parameters that say so only where their value names a way to come."""
WAYS = re.compile(
    r"(?:rss|atom|feeds?|twitter|facebook|social|newsletter|e?mail|whatsapp|telegram|push|app)(?:[-_.]\w*)*"
)

AMP_PARAMETERS = frozenset({("amp", ""), ("amp", "1"), ("amp", "true"), ("output", "amp"), ("outputtype", "amp")})
AMP_CACHE = re.compile(
    r"https?://(?:www\.google\.[a-z.]+/amp|[\w-]+\.cdn\.ampproject\.org/[cv])/(s/)?(.+)", re.IGNORECASE
)
"""Where others keep AMP copies; `s/` stands for https before the outlet's own address."""
AMP_PATH = re.compile(r"(?:/amp/?)+$|\.amp(?=(?:\.html?)?$)|(?<=\.html)\.amp$|^/amp(?=/[^/]+/)")
VARIANT_HOST = re.compile(r"^(?:(?:www\d?|m|mobile|amp|touch)\.)+(?=[^.]+\.[^.]+)|(?<=\.)m\.(?=[^.]+\.[^.]+$)")
DIRECTORY_PAGE = re.compile(r"/index\.(?:html?|php|aspx?)$")
SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
DEFAULT_PORTS = frozenset({None, 80, 443})

_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_NOT_ASCII = re.compile(r"[^\x21-\x7e]+")


def clean_url(url: str) -> str:
    """Return an address that a reader can open, without its tracking parameters and fragment.

    Raises:
        ValueError: It isn't an address.
    """
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, _query(parts.query), _fragment(parts.fragment)))


def canonical_url(url: str) -> str:
    """Return the one form of all the addresses at which the same article is found.

    Without scheme, `www`, mobile and AMP variants, default port, tracking parameters, fragment, session and last
    slash, with the parameters sorted and everything escaped alike (RFC 3986, 6.2.2).  It is made for hashing; a
    server may not answer there.

    Raises:
        ValueError: It isn't an address.
    """
    parts = urlsplit(_uncached(url))
    pairs = [pair for pair in _pairs(parts.query) if (pair[0].lower(), pair[1].lower()) not in AMP_PARAMETERS]
    path = _settled_path(_escaped_alike(parts.path))
    query = urlencode(sorted(pairs), errors="replace")
    fragment = _escaped_alike(_fragment(parts.fragment))
    return urlunsplit(("https", _host(parts.hostname, parts.port), path, query, fragment))


def _uncached(url: str) -> str:
    """Return the outlet's own address of an AMP copy that others keep."""
    copy = AMP_CACHE.fullmatch(url.strip())
    return f"{'https' if copy[1] else 'http'}://{copy[2]}" if copy else url


def _host(name: str | None, port: int | None) -> str:
    name = (name or "").rstrip(".")
    if not name.isascii():
        try:
            name = name.encode("idna").decode()
        except UnicodeError:  # no name that could be looked up; any one form serves
            name = quote(name, errors="replace").lower()
    name = VARIANT_HOST.sub("", name)
    bracketed = f"[{name}]" if ":" in name else name
    return bracketed if port in DEFAULT_PORTS else f"{bracketed}:{port}"


def _settled_path(path: str) -> str:
    """Return a path without what an article's variants differ in, until nothing more is to be taken off."""
    while True:
        settled = DIRECTORY_PAGE.sub("", AMP_PATH.sub("", SESSION.sub("", path))).rstrip("/")
        if settled == path:
            return settled
        path = settled


def _escaped_alike(text: str) -> str:
    """Return a part of an address with only what needs it escaped, in capitals."""
    escaped = _NOT_ASCII.sub(lambda match: quote(match[0], errors="replace"), text)
    return _ESCAPED.sub(_unescaped, escaped)


def _unescaped(match: re.Match[str]) -> str:
    sign = chr(int(match[1], 16))
    return sign if _UNRESERVED.fullmatch(sign) else match[0].upper()


def _pairs(query: str) -> list[tuple[str, str]]:
    return [pair for pair in parse_qsl(query, keep_blank_values=True) if not _is_tracking(*pair)]


def _is_tracking(name: str, value: str) -> bool:
    if TRACKING.fullmatch(name):
        return True
    return name.lower() in VAGUE and WAYS.fullmatch(value.lower()) is not None


def _query(query: str) -> str:
    """Return the query as it was written where nothing has to go, for some servers mind the difference."""
    kept = _pairs(query)
    return query if len(kept) == len(parse_qsl(query, keep_blank_values=True)) else urlencode(kept, errors="replace")


def _fragment(fragment: str) -> str:
    """Return the fragment only where it is a page's address in itself (`#!/article/7`)."""
    return fragment if fragment.startswith("!") else ""
