"""What is shipped for a real deployment: the compose file, the image, and nothing of the machine it was written on."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
SCHEMA = PROJECT / "tests" / "ops" / "vendor" / "compose-spec.json"


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((PROJECT / "docker-compose.yml").read_text())


def of_ours(compose):
    return {name: service for name, service in compose["services"].items() if service["image"].startswith("smd-")}


def test_compose_file_keeps_to_the_compose_specification(compose):
    schema = json.loads(SCHEMA.read_text())
    checker = jsonschema.Draft7Validator(schema)
    assert [error.message for error in checker.iter_errors(compose)] == []


def test_compose_schema_would_notice_a_mistake(compose):
    schema = json.loads(SCHEMA.read_text())
    broken = compose | {"services": {"web": {"image": "a", "helthcheck": {}}}}
    assert [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(broken)] != []


def test_every_service_is_watched_and_ours_are_closed(compose):
    for name, service in compose["services"].items():
        assert name == "migrate" or service["healthcheck"]["test"], name
    assert set(of_ours(compose)) == {"migrate", "web", "worker", "beat"}
    for service in of_ours(compose).values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]


def test_nothing_starts_before_the_deployment_check(compose):
    assert compose["services"]["migrate"]["command"][-1].startswith(
        "python manage.py check --deploy --fail-level WARNING && "
    )
    for name in ("web", "worker", "beat"):
        assert compose["services"][name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_only_migrate_holds_the_owners_address(compose):
    holders = {
        name for name, service in compose["services"].items() if "database_owner_url" in service.get("secrets", [])
    }
    assert holders == {"migrate"}


def test_no_secret_stands_in_a_file_of_ours_and_every_one_used_is_declared(compose):
    declared = compose["secrets"]
    assert all(set(source) == {"file"} and source["file"].startswith("./secrets/") for source in declared.values())
    used = {secret for service in compose["services"].values() for secret in service.get("secrets", [])}
    assert used == set(declared)
    ignored = (PROJECT / ".gitignore").read_text().splitlines(), (PROJECT / ".dockerignore").read_text().splitlines()
    assert "/secrets/" in ignored[0]
    assert "secrets" in ignored[1]


def test_make_secrets_makes_what_the_settings_accept_and_keeps_it(tmp_path):
    script = tmp_path / "deploy" / "make-secrets"
    script.parent.mkdir()
    script.write_bytes((PROJECT / "deploy" / "make-secrets").read_bytes())
    subprocess.run(["sh", str(script)], check=True, capture_output=True)
    made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert re.fullmatch(r"k1:[0-9a-f]{64}", made["field_keys"])
    assert re.fullmatch(r"[0-9a-f]{64}", made["index_key"])
    assert made["database_url"] == f"postgresql://app:{made['app_password']}@database:5432/smd"
    subprocess.run(["sh", str(script)], check=True, capture_output=True)
    assert made == {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}


def test_image_is_made_by_the_same_steps_as_the_demo_and_runs_as_nobody_in_particular():
    lines = (PROJECT / "Dockerfile").read_text().splitlines()
    steps = [line for line in lines if line.startswith("RUN ")]
    assert [step for step in steps if "pip" in step or "apt-get" in step] == []
    assert "RUN . bin/setup && packages requirements.lock" in steps
    assert [line for line in lines if line.startswith("USER ")] == ["USER smd"]


def files():
    """Those that git tracks; in a copy without git, all that no tool made."""
    if shutil.which("git") and (PROJECT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, check=True).stdout
        return [name for name in listed.decode().split("\0") if name]
    made = (".venv/", ".sysroot/", ".hypothesis/", "var/", ".git/")
    names = (str(path.relative_to(PROJECT)) for path in PROJECT.rglob("*"))
    return [name for name in names if not name.startswith(made) and "_cache/" not in name]


def tracked_texts():
    for name in files():
        path = PROJECT / name
        if path.is_file() and not path.is_symlink():
            try:
                yield name, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def test_no_tracked_file_names_a_package_index_or_a_folder_of_this_machine():
    hosts = ("pypi" + ".org", "pythonhosted" + ".org", "registry.npmjs" + ".org", "deb.debian" + ".org")
    folders = ("/work/" + "main", "/work/" + "shared", "/" + "root/", "/" + "home/")
    lists_its_source = re.compile(r"static/vendor/|tests/browser/vendor/|tests/ops/vendor/")
    found = [
        f"{name}: {word}"
        for name, text in tracked_texts()
        for word in hosts + (() if lists_its_source.match(name) else folders)
        if word in text
    ]
    assert found == []


def test_lock_files_pin_every_package_with_hashes():
    for name in ("requirements.lock", "requirements-test.lock"):
        text = (PROJECT / name).read_text()
        pinned = re.split(r"\n(?=\S)", re.sub(r"\n +#.*", "", text))
        packages = [entry for entry in pinned if not entry.startswith("#")]
        assert packages, name
        assert [entry for entry in packages if "==" not in entry or "--hash=sha256:" not in entry] == []
