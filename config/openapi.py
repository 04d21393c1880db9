"""How an address is named in the API's description: by its path and method, so that no two share a name."""

import re

from drf_spectacular.openapi import AutoSchema

VERBS = {"get": "read", "post": "create", "patch": "change", "put": "replace", "delete": "remove"}


class ByPath(AutoSchema):
    def get_operation_id(self) -> str:
        """`/api/v1/patients/{uuid}/visits/` with GET is read_patients_one_visits."""
        path = self.path.removeprefix("/api/v1/")
        words = re.findall(r"\w+", re.sub(r"\{\w+\}", "one", path))
        return "_".join([VERBS[self.method.lower()], *words])
