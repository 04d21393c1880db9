"""精防人员 of a township against its registered patients."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Staffing:
    """Numerator and denominator as integers: `percent` of full-time posts in force, `registered` patients."""

    percent: int
    registered: int
    per_post: int

    @property
    def wanted_percent(self) -> int:
        """Posts that the register asks for: one for every `per_post` patients, part posts counted, at least one."""
        return max(100, -(-self.registered * 100 // self.per_post))

    @property
    def missing_percent(self) -> int:
        return max(0, self.wanted_percent - self.percent)

    @property
    def missing_posts(self) -> int:
        """Whole people to be found: a part of a post is filled by somebody too."""
        return -(-self.missing_percent // 100)

    @property
    def is_enough(self) -> bool:
        return self.missing_percent == 0

    @property
    def words(self) -> str:
        """全职 1.5 人，在册 160 人，平均每名全职 106.7 人。"""
        posts = f"折合全职 {posts_of(self.percent)} 人，在册 {self.registered} 人"
        if self.percent == 0:
            return f"{posts}，没有精防人员"
        tenths = (self.registered * 1000 + self.percent // 2) // self.percent
        return f"{posts}，每名全职负责 {tenths // 10}.{tenths % 10} 人"


def posts_of(percent: int) -> str:
    """130 -> 1.3"""
    whole, part = divmod(percent, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".")


def staffing(shares: Iterable[int], registered: int, *, per_post: int) -> Staffing:
    """Full-time equivalents (30 % and 50 % make 0.8) against one post per `per_post` patients and never none.

    Source: 酉阳 十 (2025: 1∶80, every township at least one). Units: per cent of a post, patients.
    """
    return Staffing(sum(shares), registered, per_post)
