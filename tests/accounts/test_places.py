"""A village is called as people call it."""

import pytest

from accounts.rules.places import spoken_name


@pytest.mark.parametrize(
    ("official", "spoken"),
    (
        ("东流口村村民委员会", "东流口村"),
        ("桃花源社区居民委员会", "桃花源社区"),
        ("三王庄村委会", "三王庄村"),
        ("龙山社区居委会", "龙山社区"),
        ("新华路居委会", "新华路居委会"),
        ("村民委员会", "村民委员会"),
        ("桃花源街道", "桃花源街道"),
    ),
)
def test_the_committee_is_left_out_where_the_place_stays_clear(official: str, spoken: str) -> None:
    assert spoken_name(official) == spoken
