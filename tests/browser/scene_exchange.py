"""Lists, keys and templates of the demo county's exchange that the pages name."""

from contextlib import AbstractContextManager
from functools import cached_property
from typing import Any
from uuid import UUID

from accounts.models import Division, User
from exchange.models import AgencyKey, Difference, InboundList, RecipientTemplate


class ExchangeScene:
    def person(self, name: str) -> User:
        raise NotImplementedError

    def county(self) -> AbstractContextManager[Division]:
        raise NotImplementedError

    @cached_property
    def inbound(self) -> UUID:
        """The police's register, compared; one of its differences is answered."""
        return InboundList.objects.get(kind="police_register").uuid

    @cached_property
    def answered_list(self) -> UUID:
        return InboundList.objects.get(kind="correction").uuid

    @cached_property
    def platform_list(self) -> UUID:
        """The export of the national platform, compared."""
        return InboundList.objects.get(kind="national").uuid

    @cached_property
    def difference_alike(self) -> UUID:
        """One of several that the platform's export has in the same way."""
        return self._difference(found="differs", state="open", inbound__kind="national")

    def _difference(self, **facts: Any) -> UUID:
        with self.county():
            rows = Difference.objects.filter(township=self.person("worker1").assignments.get().division_id, **facts)
            found = rows.order_by("pk").first()
            assert found is not None
            return found.uuid

    @cached_property
    def difference(self) -> UUID:
        return self._difference(found="differs", state="open", of_death=False)

    @cached_property
    def difference_of_death(self) -> UUID:
        return self._difference(of_death=True)

    @cached_property
    def difference_clue(self) -> UUID:
        return self._difference(found="only_theirs")

    @cached_property
    def difference_answered(self) -> UUID:
        return self._difference(state="answered")

    @cached_property
    def waiting_key(self) -> UUID:
        return AgencyKey.objects.get(state="waiting").uuid

    @cached_property
    def key_in_force(self) -> UUID:
        return AgencyKey.objects.get(state="active").uuid

    @cached_property
    def proposed_template(self) -> UUID:
        return RecipientTemplate.objects.get(state="proposed").uuid

    @cached_property
    def standard_template(self) -> UUID:
        return RecipientTemplate.objects.get(state="active", situation="standard").uuid
