"""The number of a case: a county's letters, the year, a running number. It says nothing about a person."""

PREFIX_LETTERS = 2


def prefix(county: str) -> str:
    """The first letters of the county's name: 酉阳土家族苗族自治县 → YY."""
    from pypinyin import Style, lazy_pinyin  # leaf: large tables, seldom asked

    letters = lazy_pinyin(county[:PREFIX_LETTERS], style=Style.FIRST_LETTER, errors="ignore")
    return "".join(letters).upper() or "XX"


def case_number(county: str, year: int, running: int) -> str:
    """YY-2026-0001. Four digits at least; a fifth comes by itself."""
    return f"{prefix(county)}-{year}-{running:04d}"
