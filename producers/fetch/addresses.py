"""Which addresses may be connected to: a feed list may be wrong, a feed hostile, and a name change its address.

The check is made on the very address that a socket is about to connect to.  So it holds for literal addresses in any
writing, after redirects, and for names that resolve to something else the second time.
"""

import errno
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

AddressInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[Any, ...]]
"""As `socket.getaddrinfo` gives it: family, type, protocol, canonical name, socket address."""

NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
"""IPv6 addresses that carry an IPv4 address in their last 32 bits (RFC 6052, RFC 8215)."""
CLOUD_SERVICES = frozenset({IPv4Address("168.63.129.16")})
"""Public addresses that mean the machine's own provider: Azure's WireServer; others use link-local ones."""


NOT_PUBLIC = "isn't a public address"
"""In the message of every refusal: where a name has several addresses, the client keeps only the messages."""


class PrivateAddressError(OSError):
    """The address isn't one of the public internet."""

    def __init__(self, address: str) -> None:
        super().__init__(errno.EACCES, f"{address} {NOT_PUBLIC}")


def is_public(address: str) -> bool:
    """Return whether a literal IP address belongs to the public internet.

    Loopback, private, link-local (cloud metadata among them), shared, documentation, multicast and reserved ranges
    don't (the registries of RFC 6890), nor do IPv6 addresses that carry such an IPv4 address.
    """
    found = ip_address(address.partition("%")[0])
    inner = found if isinstance(found, IPv4Address) else _carried(found)
    if inner is not None:
        return inner.is_global and not inner.is_multicast and inner not in CLOUD_SERVICES
    return found.is_global and not found.is_multicast


def open_public_socket(info: AddressInfo) -> socket.socket:
    """Return a socket for an address of the public internet.

    Raises:
        PrivateAddressError: The address isn't one.
    """
    family, kind, protocol, _name, where = info
    address = str(where[0])
    if not is_public(address):
        raise PrivateAddressError(address)
    return socket.socket(family, kind, protocol)


def _carried(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 address leads to, if it does."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    low = IPv4Address(int(address) & 0xFFFFFFFF)
    is_compatible = int(address) >> 32 == 0 and int(address) > 1  # ::a.b.c.d, but neither :: nor ::1
    return low if is_compatible or any(address in network for network in NAT64) else None
