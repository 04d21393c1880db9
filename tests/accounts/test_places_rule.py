"""Villages by the name their people use."""

import pytest

from accounts.rules.places import usual_name, whole_address


@pytest.mark.parametrize(
    ("official", "usual"),
    [
        pytest.param("龙池村村民委员会", "龙池村", id="village-with-its-committee"),
        pytest.param("五家子村委会", "五家子村", id="the-village-is-in-the-committee"),
        pytest.param("城北社区居民委员会", "城北社区", id="community"),
        pytest.param("益民社区居委会", "益民社区", id="community-short"),
        pytest.param("新华居委会", "新华居委会", id="neither-village-nor-community-stays"),
        pytest.param("桃花源街道", "桃花源街道", id="township-stays"),
        pytest.param("村委会", "村委会", id="a-committee-without-a-name-stays"),
    ],
)
def test_usual_name(official, usual):
    assert usual_name(official) == usual


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        pytest.param("3组12号", "桃花源街道龙池村3组12号", id="only-the-door"),
        pytest.param("龙池村3组12号", "桃花源街道龙池村3组12号", id="with-the-village"),
        pytest.param("龙池村村民委员会3组", "桃花源街道龙池村3组", id="with-its-committee"),
        pytest.param("桃花源街道龙池村3组12号", "桃花源街道龙池村3组12号", id="whole-already"),
        pytest.param("", "桃花源街道龙池村", id="nothing-typed"),
    ],
)
def test_an_address_says_each_place_once(typed, told):
    assert whole_address("桃花源街道", "龙池村村民委员会", typed) == told
