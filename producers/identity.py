"""Which article an entry is: canonical addresses, and what stands in where there is none.

An article's id hashes its canonical address, so that the same page found by another way is the same article.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from contracts import ids
from producers.parse.model import ParsedEntry

TRACKING = re.compile(
    r"utm_\w+|at_(?:medium|campaign|custom\d|link\w*|format|ptr_name|bbc_team)|mc_[ce]id|fbclid|gclid|gclsrc|dclid|msclkid"
    r"|yclid|igshid|twclid|_hs(?:enc|mi)|mkt_tok|ns_\w+|cmp(?:id)?|ito|ocid|smid|xtor|icid|ftag|ftcamp|wt\.mc_id|rss"
    r"|feed(?:type|name)|trk|sr_share|taid|__twitter_impression",
    re.IGNORECASE,
)
"""Query parameters that say how a reader came, not what is read; after the ClearURLs rules and news feeds' habits."""

AMP_PARAMETERS = frozenset({("amp", ""), ("amp", "1"), ("amp", "true"), ("output", "amp"), ("outputtype", "amp")})
VARIANT_HOST = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.[^.]+)")
DEFAULT_PORTS = frozenset({None, 80, 443})


def clean_url(url: str) -> str:
    """Return an address that a reader can open, without its tracking parameters and fragment.

    Raises:
        ValueError: It isn't an address.
    """
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, _query(parts.query), _fragment(parts.fragment)))


def canonical_url(url: str) -> str:
    """Return the one form of all the addresses at which the same article is found.

    Without scheme, `www`, mobile and AMP variants, default port, tracking parameters, fragment and last slash, and
    with the parameters sorted.  It is made for hashing; a server may not answer there.

    Raises:
        ValueError: It isn't an address.
    """
    parts = urlsplit(url)
    host = VARIANT_HOST.sub("", (parts.hostname or "").rstrip("."))
    port = "" if parts.port in DEFAULT_PORTS else f":{parts.port}"
    pairs = [pair for pair in _pairs(parts.query) if (pair[0].lower(), pair[1].lower()) not in AMP_PARAMETERS]
    path = re.sub(r"/amp/?$|\.amp(?=\.html?$|$)", "", parts.path).rstrip("/")
    return urlunsplit(("https", host + port, path, urlencode(sorted(pairs)), _fragment(parts.fragment)))


def article_ids(
    feed_url: str, site_url: str | None, entries: Iterable[ParsedEntry], known: Collection[str]
) -> tuple[str, ...]:
    """Return the article id of each entry of one document.

    An entry is known by its address; where that is the site's own or shared by entries with other guids, by address
    and guid; where there is none, by its guid, else by its title, else by its text.  `known` holds ids that the feed
    brought before: an entry that was told from its neighbours by its guid stays so when they have left the document.
    """
    entries = tuple(entries)
    addresses = [canonical_url(entry.url) if entry.url else None for entry in entries]
    guids = {(address, entry.guid) for address, entry in zip(addresses, entries, strict=True)}
    uses = Counter(address for address, _guid in guids)
    home = {canonical_url(site_url)} if site_url else set()
    return tuple(
        _article_id(feed_url, entry, address, known, shared=uses[address] > 1 or address in home)
        for address, entry in zip(addresses, entries, strict=True)
    )


def _article_id(
    feed_url: str, entry: ParsedEntry, address: str | None, known: Collection[str], *, shared: bool
) -> str:
    if address is None:
        return ids.article_id(f"entry:{feed_url} {entry.guid or entry.title or entry.text}")
    by_address = ids.article_id(address)
    if not entry.guid:
        return by_address
    by_both = ids.article_id(f"{address} {entry.guid}")
    return by_both if shared or (by_both in known and by_address not in known) else by_address


def _pairs(query: str) -> list[tuple[str, str]]:
    return [pair for pair in parse_qsl(query, keep_blank_values=True) if not TRACKING.fullmatch(pair[0])]


def _query(query: str) -> str:
    """Return the query as it was written where nothing has to go, for some servers mind the difference."""
    kept = _pairs(query)
    return query if len(kept) == len(parse_qsl(query, keep_blank_values=True)) else urlencode(kept)


def _fragment(fragment: str) -> str:
    """Return the fragment only where it is a page's address in itself (`#!/article/7`)."""
    return fragment if fragment.startswith("!") else ""
