"""Which address a request came from when a known number of proxies stands before us."""

from ipaddress import ip_address

NOWHERE = "0.0.0.0"  # noqa: S104  (a column value, nothing binds to it)


def client_address(*, remote: str, forwarded_for: str, trusted_proxies: int) -> str:
    """Count back from the right of X-Forwarded-For: only what our own proxies wrote is believed. Else NOWHERE."""
    chain = [part.strip() for part in forwarded_for.split(",") if part.strip()] + [remote.strip()]
    wanted = chain[-1 - trusted_proxies] if len(chain) > trusted_proxies else chain[0]
    try:
        return str(ip_address(wanted))
    except ValueError:
        return NOWHERE  # a unix socket has no address
