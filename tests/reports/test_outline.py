"""地图轮廓: what is wrong with a file is named by feature with what to do; what is kept is drawn, and says it in words too."""

import json
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.scope import scope
from reports.models import AreaOutline
from reports.rules.map_bands import bands_of
from reports.rules.outline import LARGEST_BYTES, MOST_FEATURES, OutlineRefused, read_outline
from reports.services.outlines import OutlineNotKept, keep_outline
from tests.conftest import TOWN_A, TOWN_B, TOWN_C, VILLAGE_A1
from tests.reports.histories import lines
from tests.reports.records import add_visits

TOWNS = {TOWN_A: "东街道", TOWN_B: "西镇"}
SQUARE = [[108.0, 29.0], [109.0, 29.0], [109.0, 30.0], [108.0, 30.0], [108.0, 29.0]]


def feature(code=TOWN_A, ring=SQUARE, kind="Polygon", coordinates=None, **properties):
    shape = {"type": kind, "coordinates": [ring] if coordinates is None else coordinates}
    return {"type": "Feature", "properties": {"code": code, **properties}, "geometry": shape}


def file_of(*features, **more):
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


def moved(by):
    return [[x + by, y] for x, y in SQUARE]


def test_shapes_are_laid_into_the_box_with_north_above_and_the_others_named():
    east = feature(TOWN_B, moved(1.0))
    outline = read_outline(file_of(feature(), east), TOWNS | {"990001999": "新镇"})
    west, right = outline.shapes
    assert ([west.code, right.code], outline.missing) == ([TOWN_A, TOWN_B], ("990001999",))
    assert (west.x < right.x, west.y == right.y, west.path.startswith("M8.0 ")) == (True, True, True)
    assert (outline.width, 0 < outline.height < outline.width) == (640, True)
    north = read_outline(file_of(feature(ring=[[x, y + 1] for x, y in SQUARE]), feature(TOWN_B)), TOWNS)
    assert north.shapes[0].y < north.shapes[1].y


def test_islands_twelve_digits_and_a_byte_order_mark_are_read():
    islands = feature(kind="MultiPolygon", coordinates=[[SQUARE], [moved(3.0)]], code=TOWN_A + "000")
    (shape,) = read_outline(b"\xef\xbb\xbf" + file_of(islands), TOWNS).shapes
    assert (shape.code, shape.path.count("M"), shape.path.count("Z")) == (TOWN_A, 2, 2)


HOW = "请在 properties 里写 code（9 位区划代码）。"
BAD = [
    pytest.param(b"\xd6\xd0", "不是 GeoJSON", id="gbk"),
    pytest.param(b"", "不是 GeoJSON", id="empty"),
    pytest.param(b'{"type": "FeatureCollection", "features": [NaN]}', "不是 GeoJSON", id="nan"),
    pytest.param(b"[" * 100_000, "不是 GeoJSON", id="deep"),
    pytest.param(b"[]", "type 应当是 FeatureCollection，文件里没有写", id="list"),
    pytest.param(b'{"type": "Topology"}', "文件里写的是“Topology”", id="topology"),
    pytest.param(b'{"type": "FeatureCollection"}', "没有 features 列表", id="no-features"),
    pytest.param(file_of(), "没有一个要素", id="no-feature"),
    pytest.param(file_of(feature(), crs={"properties": {"name": "EPSG:4524"}}), "坐标系（crs）不是经纬度", id="crs"),
    pytest.param(file_of(feature(""), feature(TOWN_B)), f"第 1 个要素没有区划代码。{HOW}", id="no-code"),
    pytest.param(file_of(None), f"第 1 个要素没有区划代码。{HOW}", id="null"),
    pytest.param(file_of(feature(TOWN_C, name="远乡")), f"第 1 个要素（远乡）的区划代码“{TOWN_C}”不是本地的", id="elsewhere"),
    pytest.param(file_of(feature(), feature(name="又一个")), f"第 2 个要素（又一个）的区划代码 {TOWN_A} 前面已经有了", id="twice"),
    pytest.param(file_of(feature(kind="Point", coordinates=[1, 2])), "的图形（Point）不是完整的面", id="point"),
    pytest.param(file_of({**feature(), "geometry": None}), "的图形（空）不是完整的面", id="no-geometry"),
    pytest.param(file_of(feature(ring=SQUARE[:3])), "每圈至少 4 个点", id="three-points"),
    pytest.param(file_of(feature(ring=[["a", 1]] * 4)), "不是完整的面", id="words-for-numbers"),
    pytest.param(file_of(feature(ring=[[True, 1]] * 4)), "不是完整的面", id="booleans"),
    pytest.param(file_of(feature(ring=[[36512345.0, 3245678.0]] * 4)), "坐标不是经纬度", id="metres"),
    pytest.param(b" " * (LARGEST_BYTES + 1), "超过 4 MB", id="large"),
    pytest.param(file_of(*[feature()] * (MOST_FEATURES + 1)), "超过 400 个", id="many"),
    pytest.param(file_of(feature(ring=SQUARE[:1] * 60_001)), "一共 60001 个点", id="many-points"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "said"), BAD)
def test_what_is_wrong_names_the_feature_and_the_remedy(raw, said):
    with pytest.raises(OutlineRefused) as refusal:
        read_outline(raw, TOWNS)
    assert said in refusal.value.faults[0]
    assert "请" in refusal.value.faults[0]


def test_every_fault_is_said_at_once_up_to_a_dozen():
    with pytest.raises(OutlineRefused) as refusal:
        read_outline(file_of(*[feature("")] * 15), TOWNS)
    assert (len(refusal.value.faults), refusal.value.faults[-1]) == (13, "还有 3 处同类问题。")


def test_a_shape_without_an_area_is_drawn_all_the_same():
    (shape,) = read_outline(file_of(feature(ring=[[108.0, 29.0]] * 4)), TOWNS).shapes
    assert (shape.code, shape.path) == (TOWN_A, "M8.0 8.0Z")


@pytest.mark.parametrize(
    ("value", "key"), [("95", "met"), ("94.99", "near"), ("90", "near"), ("89.99", "far"), (None, "none")]
)
def test_bands_by_the_target(value, key):
    found, legend = bands_of({"a": None if value is None else Decimal(value)}, Decimal(95))
    assert found["a"].key == key
    assert [band.key for band in legend][:3] == ["met", "near", "far"]


def test_bands_without_a_target_are_thirds_of_the_spread():
    found, legend = bands_of({"a": Decimal(10), "b": Decimal(40), "c": Decimal(70), "d": None}, None)
    assert [found[code].key for code in "abcd"] == ["far", "near", "met", "none"]
    assert [band.label for band in legend] == ["50.0% 以上", "30.0%—50.0%", "30.0% 以下", "没有可算的患者"]


@pytest.mark.django_db
def test_the_office_uploads_and_the_overview_draws(world, plan, log_in, events):
    add_visits(world.patient(VILLAGE_A1), lines("2025-09-01"), world.worker)
    client = log_in(world.county_office)
    upload = SimpleUploadedFile("a.geojson", file_of(feature(), feature(TOWN_B, moved(1.0))))
    answer = client.post(reverse("reports:outline"), {"file": upload, "source": "编造"})
    assert (answer.status_code, AreaOutline.objects.get().shapes) == (302, 2)
    assert [event.action for event in events] == ["reports.outline.kept"]
    board = client.get(reverse("reports:dashboard"), {"as_of": "2025-09-30", "map": "face_to_face"})
    drawn = board.context["map"]
    assert [each.words for each in drawn["shapes"]] == ["东街道 100.00% 100.0% 以上", "西镇 — 没有可算的患者"]
    assert [line["value"] for line in drawn["lines"]] == ["100.00%", "—"]
    assert ("面访率" in drawn["words"], drawn["code"]) == (True, "face_to_face")
    other = client.get(reverse("reports:dashboard"), {"map": "../x"})
    assert other.context["map"]["code"] == "standard_managed"


@pytest.mark.django_db
def test_without_an_outline_there_is_no_map_and_a_township_has_none(world, log_in):
    client = log_in(world.county_office)
    address = reverse("reports:dashboard")
    assert client.get(address).context["map_at"] == ""
    assert client.get(address, {"map": "managed"}).context["map"] is None
    with scope(world.county_office):
        keep_outline(area=world.county, raw=file_of(feature()), source="编造", by=world.county_office)
    assert client.get(address, {"area": TOWN_A}).context["map_at"] == ""
    assert client.get(address, {"area": TOWN_A, "map": "managed"}).context["map"] is None
    assert client.get(client.get(address).context["map_at"]).context["map"]["shapes"]
    page = client.get(reverse("reports:outline"))
    assert (page.context["missing"], page.context["towns"]) == ("西镇", TOWNS)


@pytest.mark.django_db
def test_a_bad_file_stands_beside_the_field_and_nothing_is_kept(world, log_in):
    client = log_in(world.system_admin)
    upload = SimpleUploadedFile("a.geojson", file_of(feature(""), feature(TOWN_C)))
    answer = client.post(reverse("reports:outline"), {"file": upload, "source": "编造"})
    assert (answer.status_code, AreaOutline.objects.count()) == (400, 0)
    assert len(answer.context["form"].errors["file"]) == 2
    for empty in ({}, {"source": "编造"}, {"source": "编造", "file": SimpleUploadedFile("a.json", b"")}):
        assert client.post(reverse("reports:outline"), empty).status_code == 400


@pytest.mark.django_db
def test_another_area_is_refused(world):
    with pytest.raises(OutlineNotKept, match="不归您办理"):
        keep_outline(area=world.places["990002"], raw=file_of(feature()), source="编造", by=world.county_office)


@pytest.mark.django_db
def test_in_a_meeting_a_rate_that_could_point_at_a_person_is_not_offered(world, plan, log_in):
    with scope(world.county_office):
        keep_outline(area=world.county, raw=file_of(feature()), source="编造", by=world.county_office)
    client = log_in(world.commission)
    offered = dict(client.get(reverse("reports:dashboard"), {"map": ""}).context["map"]["offered"])
    assert "scz_treated" in offered
    client.post(reverse("reports:mode"), {"mode": "meeting"})
    assert "scz_treated" not in dict(
        client.get(reverse("reports:dashboard"), {"map": "scz_treated"}).context["map"]["offered"]
    )
