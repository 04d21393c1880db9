"""Third-party files are the bytes that npm published, with their licences beside them."""

import hashlib
import json
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHIPPED, TEST_ONLY = ROOT / "static" / "vendor", ROOT / "tests" / "browser" / "vendor"


def _rows(folder: Path) -> list[dict]:
    return tomllib.loads((folder / "vendor.lock").read_text(encoding="utf-8"))["file"]


@pytest.mark.parametrize("folder", [SHIPPED, TEST_ONLY], ids=("shipped", "test-only"))
def test_vendored_files_are_what_the_lock_says(folder):
    assert {row["path"]: hashlib.sha256((folder / row["path"]).read_bytes()).hexdigest() for row in _rows(folder)} == {
        row["path"]: row["sha256"] for row in _rows(folder)
    }


@pytest.mark.parametrize("folder", [SHIPPED, TEST_ONLY], ids=("shipped", "test-only"))
def test_no_vendored_file_is_unlisted(folder):
    listed = {"vendor.lock"} | {name for row in _rows(folder) for name in (row["path"], *row["licence_files"])}
    assert {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()} == listed


def test_versions_are_those_of_package_json():
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    assert {row["name"]: row["version"] for row in _rows(SHIPPED)} == wanted["dependencies"]
    assert {row["name"]: row["version"] for row in _rows(TEST_ONLY)} == wanted["devDependencies"]


def test_no_lock_names_a_registry():
    assert list(ROOT.glob("package-lock.json")) == []
