"""Chance with a memory: the same key gives the same draws on every machine."""

from random import Random


def dice(*key: object) -> Random:
    return Random("|".join(map(str, key)))


def weighted(draw: Random, shares: dict[str, int]) -> str:
    return draw.choices(list(shares), list(shares.values()))[0]
