import pytest

from accounts.rules.addresses import NOWHERE, client_address


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "expected"),
    [
        pytest.param("192.0.2.7", "", 0, "192.0.2.7", id="direct"),
        pytest.param("192.0.2.7", "203.0.113.9", 0, "192.0.2.7", id="forged-header-without-proxy"),
        pytest.param("127.0.0.1", "192.0.2.7", 1, "192.0.2.7", id="one-proxy"),
        pytest.param("127.0.0.1", "203.0.113.9, 192.0.2.7", 1, "192.0.2.7", id="forged-entry-before-the-proxy"),
        pytest.param("", "192.0.2.7", 1, "192.0.2.7", id="proxy-on-a-socket"),
        pytest.param("127.0.0.1", "", 1, "127.0.0.1", id="proxy-left-out"),
        pytest.param("", "", 0, NOWHERE, id="socket-without-proxy"),
        pytest.param("127.0.0.1", "<script>", 1, NOWHERE, id="no-address"),
    ],
)
def test_client_address_believes_only_our_proxies(remote, forwarded, proxies, expected):
    assert client_address(remote=remote, forwarded_for=forwarded, trusted_proxies=proxies) == expected
