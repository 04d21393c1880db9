"""Names of places as people say them."""

_COMMITTEES = ("村民委员会", "居民委员会", "村委会", "居委会")
_KINDS = ("村", "社区", "嘎查")


def usual_name(name: str) -> str:
    """龙池村村民委员会 is 龙池村, 城北社区居委会 is 城北社区, 五家子村委会 is 五家子村; what fits no pattern stays.

    Source: the statistical list names a village by its committee; the follow-up form asks for the village.
    """
    for committee in _COMMITTEES:
        if name.endswith(committee):
            place = name.removesuffix(committee)
            if place.endswith(_KINDS):
                return place
            return f"{place}村" if place and committee.startswith("村") else name
    return name


def whole_address(township: str, village: str, detail: str) -> str:
    """Township, village and what was typed. The detail often repeats its places: each is said once."""
    rest = detail.strip()
    for part in (township, village, usual_name(village)):
        rest = rest.removeprefix(part)
    return f"{township}{usual_name(village)}{rest}"
