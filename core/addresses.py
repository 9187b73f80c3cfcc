"""What one network address counts as, where something is limited by address."""

from ipaddress import AddressValueError, IPv6Address

OF_ONE_PLACE = 64
"""A home, a phone or an office has a whole /64 of IPv6, and may draw a new address out of it each time."""


def place_of(address: str) -> str:
    """Give an IPv4 address as it is, also where it is written as IPv6, and of IPv6 the /64 that it lies in.

    What is no address is given as it is.
    """
    try:
        known = IPv6Address(address)
    except AddressValueError:
        return address
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    rest = known.max_prefixlen - OF_ONE_PLACE
    return f"{IPv6Address(int(known) >> rest << rest)}/{OF_ONE_PLACE}"
