"""The offices of a county: one of each county body, and what every township has."""

from collections.abc import Iterator

from accounts.models import Agency, Division
from accounts.queries.places import townships_under, villages_under
from accounts.terms import AgencyKind as Kind
from config.demo.chance import dice

COUNTY_BODIES = (
    (Kind.HEALTH_COMMISSION, "卫生健康委员会"),
    (Kind.PREVENTION_OFFICE, "精神卫生防治办公室"),
    (Kind.HOSPITAL, "精神卫生中心"),
    (Kind.POLICE, "公安局"),
    (Kind.POLITICAL_LEGAL, "委政法委员会"),
    (Kind.CIVIL_AFFAIRS, "民政局"),
    (Kind.DISABLED_FEDERATION, "残疾人联合会"),
    (Kind.INSURANCE, "医疗保障局"),
    (Kind.HUMAN_RESOURCES, "人力资源和社会保障局"),
    (Kind.JUDICIAL, "司法局"),
    (Kind.FINANCE, "财政局"),
    (Kind.EDUCATION, "教育委员会"),
    (Kind.GOVERNMENT, "人民政府办公室"),
    (Kind.DEPARTMENT, "老龄工作委员会办公室"),
    (Kind.REHAB_SITE, "精神障碍社区康复服务中心"),
    (Kind.PUBLICITY, "委宣传部"),
    (Kind.DEVELOPMENT, "发展和改革委员会"),
    (Kind.STAFFING, "委机构编制委员会办公室"),
    (Kind.INDUSTRY, "经济和信息化委员会"),
    (Kind.SCIENCE, "科学技术局"),
    (Kind.HOUSING, "住房和城乡建设委员会"),
    (Kind.VETERANS, "退役军人事务局"),
    (Kind.RURAL, "乡村振兴局"),
    (Kind.MARKET, "市场监督管理局"),
    (Kind.TRADE_UNION, "总工会"),
    (Kind.YOUTH_LEAGUE, "团委"),
    (Kind.WOMEN, "妇女联合会"),
)
VILLAGES_WITH_OFFICES = 2  # of each of the first townships: enough to log in as a village doctor
TOWNS_WITH_VILLAGES = 3


def make_agencies(county: Division, *, seed: int) -> int:
    """Every office of the county, by get_or_create: running it again adds nothing. Answers how many are new."""
    draw = dice(county.code, seed, "offices")
    made = 0
    for kind, name, division in _offices(county):
        number = f"1990000{draw.randint(0, 9999):04d}"
        _, is_new = Agency.objects.get_or_create(
            kind=kind,
            division=division,
            name=name,
            defaults={"duty_phone": number, "on_duty": kind in (Kind.POLICE, Kind.HOSPITAL)},
        )
        made += is_new
    return made


def _offices(county: Division) -> Iterator[tuple[Kind, str, Division]]:
    for kind, name in COUNTY_BODIES:
        yield kind, f"{county.name}{name}", county
    above = area_above(county)
    yield Kind.HEALTH_COMMISSION, f"{above.name}卫生健康委员会", above
    for place, town in enumerate(townships_under(county)):
        yield from _township_offices(town)
        if place < TOWNS_WITH_VILLAGES:
            for village in villages_under(town)[:VILLAGES_WITH_OFFICES]:
                yield (
                    Kind.VILLAGE_CLINIC,
                    f"{village.name.removesuffix('居委会').removesuffix('村委会')}卫生室",
                    village,
                )
                yield Kind.VILLAGE_COMMITTEE, village.name, village


def _township_offices(town: Division) -> Iterator[tuple[Kind, str, Division]]:
    is_street = town.kind == "街道"
    yield Kind.HEALTH_CENTRE, f"{town.name}{'社区卫生服务中心' if is_street else '卫生院'}", town
    yield Kind.POLICE, f"{town.name}派出所", town
    yield Kind.POLITICAL_LEGAL, f"{town.name}综治中心", town
    yield Kind.CIVIL_AFFAIRS, f"{town.name}民政办", town
    yield Kind.GOVERNMENT, f"{town.name}{'办事处' if is_street else '人民政府'}", town


def area_above(county: Division) -> Division:
    """The prefecture; of a county directly under a municipality ("县" by name only) the municipality itself."""
    above = county.parent
    assert above is not None  # noqa: S101  (a county's parent is in the table's own file)
    return above if above.name.endswith(("市", "州", "盟", "地区")) or above.parent is None else above.parent
