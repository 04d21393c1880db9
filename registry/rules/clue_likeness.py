"""Two clues about one person: the police and the village report the same man. Pure; the reasons are said in words."""

from dataclasses import dataclass

YEARS_APART = 2  # an age in a report is a guess


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom a clue means, as far as it says. `village`: a division's key; `age` in years."""

    name: str = ""
    sex: str = ""
    age: int | None = None
    id_number: str = ""
    phone: str = ""
    village: int | None = None


def same_person(one: Meant, other: Meant) -> tuple[str, ...]:
    """Why the two may be one person; empty when nothing says so or something speaks against it.

    Source: 表1-2 (one survey for one person); the marks are ours. Units: ages in years.
    """
    if one.id_number and other.id_number:
        return ("身份证号相同",) if one.id_number == other.id_number else ()
    if _differ(one.sex, other.sex):
        return ()
    near = one.age is not None and other.age is not None and abs(one.age - other.age) <= YEARS_APART
    if one.age is not None and other.age is not None and not near:
        return ()
    found = []
    if one.phone and one.phone == other.phone:
        found.append("本人电话相同")
    if one.name and one.name == other.name:
        if one.village is not None and one.village == other.village:
            found.append("姓名和村（社区）相同")
        elif near:
            found.append("姓名相同，年龄相近")
        elif found:
            found.append("姓名相同")
    return tuple(found)


def _differ(one: str, other: str) -> bool:
    return bool(one) and bool(other) and one != other
