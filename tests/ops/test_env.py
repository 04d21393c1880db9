"""A setting is read from its variable or its file; what is wrong is refused by name, without its value."""

import pytest

from config import env


@pytest.fixture
def surroundings(monkeypatch):
    for name in ("SAMPLE", "SAMPLE_FILE"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def refusal(call):
    with pytest.raises(env.BadSetting) as caught:
        call()
    return str(caught.value)


def test_text_comes_from_the_variable_or_the_named_file(surroundings, tmp_path):
    surroundings.setenv("SAMPLE", "direct")
    assert env.text("SAMPLE") == "direct"
    surroundings.delenv("SAMPLE")
    (tmp_path / "secret").write_text("from a file\n")
    surroundings.setenv("SAMPLE_FILE", str(tmp_path / "secret"))
    assert env.text("SAMPLE") == "from a file"


def test_text_missing_doubled_or_unreadable_is_refused_by_name(surroundings, tmp_path):
    assert refusal(lambda: env.text("SAMPLE")) == "SAMPLE: is missing (set SAMPLE or SAMPLE_FILE)"
    surroundings.setenv("SAMPLE_FILE", str(tmp_path / "nothing"))
    assert refusal(lambda: env.text("SAMPLE")) == "SAMPLE_FILE: cannot be read (FileNotFoundError)"
    surroundings.setenv("SAMPLE", "both")
    assert refusal(lambda: env.text("SAMPLE")) == "SAMPLE: set either SAMPLE or SAMPLE_FILE, not both"


@pytest.mark.parametrize(
    ("read", "value", "why"),
    [
        (lambda: env.flag("SAMPLE", default=False), "maybe", "must be 1 or 0"),
        (lambda: env.number("SAMPLE", 5), "five", "must be a number"),
        (lambda: env.number("SAMPLE", 5, least=1), "0.9", "must be at least 1"),
        (lambda: env.key("SAMPLE"), "abc", "must be 64 hexadecimal digits"),
        (lambda: env.keys("SAMPLE"), f"k1:{'aa' * 32},k1:{'bb' * 32}", "has the key id k1 twice"),
        (lambda: env.keys("SAMPLE"), "k1:short", "must be id:key pairs, newest first, each key 64 hexadecimal digits"),
        (lambda: env.web_address("SAMPLE"), "county.example", "must look like https://name.example"),
        (lambda: env.database("SAMPLE"), "mysql://app@host/db", "must begin with postgresql://"),
        (lambda: env.database("SAMPLE"), "postgresql://app@host/", "names no database"),
        (lambda: env.database("SAMPLE"), "postgresql://app@host:port/db", "the port is not a number"),
    ],
)
def test_wrong_values_are_refused_by_name_without_the_value(surroundings, read, value, why):
    surroundings.setenv("SAMPLE", value)
    assert refusal(read) == f"SAMPLE: {why}"


def test_keys_keep_their_order_newest_first(surroundings):
    surroundings.setenv("SAMPLE", f"k2:{'bb' * 32}, k1:{'aa' * 32}")
    assert list(env.keys("SAMPLE").items()) == [("k2", "bb" * 32), ("k1", "aa" * 32)]


def test_database_reads_password_socket_and_options(surroundings):
    surroundings.setenv("SAMPLE", "postgresql://app:p%40ss@db.example:5433/county?sslmode=verify-full")
    read = env.database("SAMPLE")
    assert (read["USER"], read["PASSWORD"], read["HOST"], read["PORT"], read["NAME"], read["OPTIONS"]) == (
        "app", "p@ss", "db.example", "5433", "county", {"sslmode": "verify-full"}
    )  # fmt: skip
    surroundings.setenv("SAMPLE", "postgresql://app@/county?host=/run/a%20b")
    read = env.database("SAMPLE")
    assert (read["HOST"], read["PORT"], read["OPTIONS"]) == ("/run/a b", "", {})
