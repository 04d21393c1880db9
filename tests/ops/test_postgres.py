"""The embedded server: who may do what in it, who shares it, and what is left when its parent is killed."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg2
import pytest

from ops.postgres import Postgres
from ops.processes import is_alive, wait_until

PROJECT = Path(__file__).resolve().parents[2]
HOLD = """
import sys, time
from pathlib import Path
from ops import embedded
embedded.HOME = Path(sys.argv[1])
with embedded.database() as server:
    print(server.pid(), flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def home():
    """A folder that the server's account can enter (pytest's own are closed to it)."""
    folder = Path(tempfile.mkdtemp(prefix="own-", dir=os.environ["SMD_TEST_HOME"]))
    folder.chmod(0o711)
    yield folder
    server = Postgres(folder)
    server.stop()
    subprocess.run(["rm", "-rf", str(folder), str(server.place), str(server.socket)], check=True)


@pytest.fixture
def server(home):
    own = Postgres(home, thrown_away=True)
    own.start()
    yield own
    own.stop()


def using(home):
    command = [sys.executable, "-c", HOLD, str(home)]
    child = subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    return child, int(child.stdout.readline())


def leave(child):
    child.communicate("\n", timeout=60)
    return child.returncode


def ask(server, user, query, database="fresh"):
    connection = psycopg2.connect(host=str(server.socket), user=user, dbname=database)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


def test_prepare_gives_app_rows_but_no_tables_no_truncate_and_no_functions(server):
    assert server.prepare("fresh") is True
    assert server.prepare("fresh") is False
    ask(server, "owner", "CREATE TABLE note (id bigint GENERATED ALWAYS AS IDENTITY, words text)")
    ask(server, "owner", "CREATE FUNCTION secret() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    ask(server, "app", "INSERT INTO note (words) VALUES ('a')")
    assert ask(server, "app", "SELECT words FROM note") == [("a",)]
    assert ask(server, "backup", "SELECT words FROM note") == [("a",)]
    for refused in ("TRUNCATE note", "CREATE TABLE own (id int)", "SELECT secret()", "DROP TABLE note"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(server, "app", refused)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(server, "backup", "DELETE FROM note")


def test_deployment_script_makes_the_same_roles_and_rights(server, tmp_path):
    rights = """SELECT defaclobjtype, defaclacl::text FROM pg_default_acl ORDER BY 1, 2"""
    roles = """SELECT rolname, rolinherit, rolbypassrls, rolsuper, rolcanlogin FROM pg_roles
               WHERE rolname IN ('owner', 'app', 'app_partner', 'backup') ORDER BY 1"""
    server.prepare("fresh")
    for role in ("owner", "app", "backup"):
        (tmp_path / f"{role}_password").write_text("a'b$c")
    with server.cursor() as cursor:
        cursor.execute("CREATE DATABASE deployed")
    surroundings = {
        "PATH": f"{server.programs}:{os.environ['PATH']}", "PGHOST": str(server.socket), "POSTGRES_USER": "postgres",
        "POSTGRES_DB": "deployed", "SECRETS": str(tmp_path), "ROLES": str(PROJECT / "ops" / "sql"),
    }  # fmt: skip
    subprocess.run([PROJECT / "deploy" / "database" / "10-roles.sh"], check=True, env=surroundings)
    assert ask(server, "postgres", rights, "deployed") == ask(server, "postgres", rights)
    assert ask(server, "postgres", roles) == [
        ("app", False, False, False, True),
        ("app_partner", True, False, False, False),
        ("backup", True, True, False, True),
        ("owner", True, False, False, True),
    ]


def test_last_to_leave_stops_the_server(home):
    first, pid = using(home)
    second, same = using(home)
    assert same == pid
    assert leave(first) == 0
    assert is_alive(pid, named=str(home))
    assert leave(second) == 0
    assert not is_alive(pid, named=str(home))


def test_server_of_a_killed_command_is_adopted_and_stopped_by_the_next(home):
    first, pid = using(home)
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    assert is_alive(pid, named=str(home))
    second, adopted = using(home)
    assert adopted == pid
    assert leave(second) == 0
    assert not is_alive(pid, named=str(home))


def test_throw_away_server_dies_with_a_killed_parent(home):
    script = (
        "import sys\nfrom pathlib import Path\nfrom ops.postgres import Postgres\n"
        "server = Postgres(Path(sys.argv[1]), thrown_away=True)\nserver.start()\n"
        "print(server.pid(), flush=True)\nsys.stdin.readline()"
    )
    command = [sys.executable, "-c", script, str(home)]
    parent = subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline())
    os.kill(parent.pid, signal.SIGKILL)
    parent.communicate()
    assert wait_until(lambda: not is_alive(pid, named=str(home)), 20)
