"""A township on one working day: what the pages show. Made by the services people use, so that it holds together."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.conftest import World


@dataclass
class Scene:
    world: World

    @property
    def account(self) -> UUID:
        return self.world.worker.uuid

    def person(self, name: str) -> Any:
        return getattr(self.world, name)


def set_up(world: World) -> Scene:
    return Scene(world)
