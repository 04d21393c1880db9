"""Which address a request came from when a known number of proxies stands before us."""

from ipaddress import ip_address


def client_address(*, remote: str, forwarded_for: str, trusted_proxies: int) -> str:
    """Count back from the right of X-Forwarded-For: only what our own proxies wrote is believed. Else "0.0.0.0"."""
    chain = [part.strip() for part in forwarded_for.split(",") if part.strip()] + [remote.strip()]
    wanted = chain[-1 - trusted_proxies] if len(chain) > trusted_proxies else chain[0]
    try:
        return str(ip_address(wanted))
    except ValueError:
        return "0.0.0.0"  # a unix socket has no address
