"""Files on their way between townships: one waiting, one given back, one for the county, one to another county."""

from datetime import date
from random import Random

from accounts.models import Division, User
from accounts.scope import scope
from accounts.terms import Role
from registry.models import Patient
from registry.services.away import register_away
from registry.services.transfers import answer_transfer, propose_transfer
from registry.terms import CareStatus, TransferReason


def _worker(town: int) -> User | None:
    found = User.objects.filter(assignments__role=Role.TOWNSHIP_WORKER, assignments__division=town)
    return found.select_related("agency__division").order_by("pk").first()


def fill(county: Division, *, seed: int, today: date, by: User) -> int:
    """Transfers in every stage between the townships that have workers. Answers how many."""
    draw = Random(seed)
    with scope(by):
        rows = list(Patient.objects.filter(duty_county=county.pk, closed_on=None).order_by("number")[:200])
        towns = sorted({row.duty_township for row in rows})
        staffed = [town for town in towns if _worker(town)]
        if len(staffed) < 2:
            return 0
        here, there = staffed[:2]
        mine = [row for row in rows if row.duty_township == here]
        chosen = draw.sample(mine, min(3, len(mine)))
        place = Division.objects.get(pk=there)
        made = []
        for patient, words in zip(chosen, ("随女儿居住", "租住在镇上", ""), strict=False):
            to = place if words else None
            made.append(propose_transfer(
                patient=patient, by=by, to_township=to, outside="" if to else "邻省某县某镇卫生院",
                reason=TransferReason.MOVED, address=f"{place.name}集镇 3 号" if to else "", words=words,
            ))  # fmt: skip
        for patient in [row for row in mine if row not in chosen and row.status == CareStatus.MANAGED][:2]:
            register_away(
                patient=patient,
                on=today,
                by=by,
                to_township=place,
                address=f"{place.name}务工住处",
                words="在建筑工地务工",
            )
    receiver = _worker(there)
    if len(made) > 1 and receiver is not None:
        with scope(receiver):
            answer_transfer(
                transfer=made[1].uuid, answer="refuse", by=receiver, reason="按地址没有找到人，请核对门牌。"
            )
    return len(made)
