"""Names of places as people say them."""

_ENDINGS = (("村民委员会", ""), ("居民委员会", ""), ("村委会", "村"), ("居委会", ""))


def spoken_name(name: str) -> str:
    """东流口村村民委员会 → 东流口村; a name that would lose its kind (新华路居委会) stays whole."""
    for ending, rest in _ENDINGS:
        if name.endswith(ending):
            short = name.removesuffix(ending) + rest
            return short if short.endswith(("村", "社区")) and len(short) > 1 else name
    return name
