import pytest

from tests.conftest import VILLAGE_A1


@pytest.fixture
def ran(world):
    """冉启华 of the eastern township's first village."""
    return world.patient(VILLAGE_A1, "冉启华", pinyin="ranqihua", initials="rqh")
