"""乡镇轮廓: an uploaded GeoJSON read with care, and its shapes laid into the picture's box.

Source: RFC 7946 (FeatureCollection, Polygon, MultiPolygon, longitude before latitude); 本系统 (limits, `code` of a feature).
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

LARGEST_BYTES = 4 * 1024 * 1024
MOST_FEATURES, MOST_POINTS = 400, 60_000
MOST_SAID = 12
CODE_KEYS = ("code", "区划代码", "adcode", "XZQDM")
NAME_KEYS = ("name", "名称", "XZQMC")
WIDTH, MARGIN = 640, 8
SMALLEST_STEP = 0.4  # units of the picture: what is nearer to the last point draws nothing that anybody sees
HOW = "请在 properties 里写 code（9 位区划代码）"

Ring = list[tuple[float, float]]


class OutlineRefused(Exception):
    """Carries every fault found, each naming its feature and what to do."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("；".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Shape:
    """One township as the picture draws it: a path, and where its name stands. Units: of the picture's box."""

    code: str
    path: str
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Outline:
    width: int
    height: int
    shapes: tuple[Shape, ...]
    missing: tuple[str, ...] = ()  # codes of townships that the file draws nothing for

    def as_content(self) -> dict[str, Any]:
        keys = ("code", "path", "x", "y", "width")
        return {
            "width": self.width,
            "height": self.height,
            "shapes": [{key: getattr(shape, key) for key in keys} for shape in self.shapes],
        }

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "Outline":
        shapes = tuple(Shape(**shape) for shape in content["shapes"])
        return cls(int(content["width"]), int(content["height"]), shapes)


@dataclass(slots=True)
class _Reading:
    towns: Mapping[str, str]
    faults: list[str] = field(default_factory=list)
    found: dict[str, list[Ring]] = field(default_factory=dict)
    points: int = 0


def read_outline(raw: bytes, towns: Mapping[str, str]) -> Outline:
    """`towns`: code → name of the townships that exist. Raises: OutlineRefused with every fault."""
    if len(raw) > LARGEST_BYTES:
        raise OutlineRefused([f"文件 {len(raw) / 1048576:.1f} MB，超过 4 MB。请先在制图软件里简化边界再上传。"])
    features = _features(raw)
    reading = _Reading(towns)
    for at, feature in enumerate(features, 1):
        _read_feature(reading, at, feature)
    if reading.points > MOST_POINTS:
        reading.faults.append(f"一共 {reading.points} 个点，超过 {MOST_POINTS} 个。请先在制图软件里简化边界再上传。")
    if not reading.found and not reading.faults:
        reading.faults.append("文件里没有一个要素（features 是空的）。请导出乡镇（街道）的面。")
    if reading.faults:
        more = len(reading.faults) - MOST_SAID
        raise OutlineRefused(reading.faults[:MOST_SAID] + ([f"还有 {more} 处同类问题。"] if more > 0 else []))
    return _laid_out(reading.found, tuple(code for code in towns if code not in reading.found))


def _features(raw: bytes) -> list[Any]:
    try:
        said = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise OutlineRefused(
            ["文件不是 GeoJSON（不能按 JSON 读）。请从制图软件导出为 GeoJSON，编码选 UTF-8。"]
        ) from error
    if not isinstance(said, dict) or said.get("type") != "FeatureCollection":
        kind = said.get("type") if isinstance(said, dict) else None
        what = f"写的是“{str(kind)[:20]}”" if kind else "没有写"
        raise OutlineRefused([f"type 应当是 FeatureCollection，文件里{what}。请把所有乡镇（街道）导出为一个要素集合。"])
    crs = said.get("crs")
    if crs is not None and "CRS84" not in json.dumps(crs) and "4326" not in json.dumps(crs):
        raise OutlineRefused(["坐标系（crs）不是经纬度。请导出为 WGS 84 / CGCS2000 经纬度坐标。"])
    features = said.get("features")
    if not isinstance(features, list):
        raise OutlineRefused(["没有 features 列表。请从制图软件重新导出。"])
    if len(features) > MOST_FEATURES:
        raise OutlineRefused(
            [f"有 {len(features)} 个要素，超过 {MOST_FEATURES} 个。请只导出乡镇（街道），不要导出村。"]
        )
    return features


def _no_constant(name: str) -> float:
    raise ValueError(name)  # NaN and Infinity are no JSON


def _read_feature(reading: _Reading, at: int, feature: Any) -> None:
    said = feature.get("properties") if isinstance(feature, dict) else None
    properties = said if isinstance(said, dict) else {}
    where = f"第 {at} 个要素{_named(properties)}"
    code = next((str(properties[key]).strip() for key in CODE_KEYS if properties.get(key) not in (None, "")), "")
    if not code:
        reading.faults.append(f"{where}没有区划代码。{HOW}。")
        return
    code = code.removesuffix("000") if len(code) == 12 and code.endswith("000") else code
    if code not in reading.towns:
        reading.faults.append(f"{where}的区划代码“{code[:20]}”不是本地的乡镇（街道）。请核对代码，或删去这个要素。")
        return
    if code in reading.found:
        reading.faults.append(f"{where}的区划代码 {code} 前面已经有了。飞地请合并成一个 MultiPolygon。")
        return
    geometry = feature.get("geometry")
    rings = _rings(geometry)
    if rings is None:
        kind = str(geometry.get("type"))[:20] if isinstance(geometry, dict) else "空"
        reading.faults.append(f"{where}的图形（{kind}）不是完整的面。请导出 Polygon 或 MultiPolygon，每圈至少 4 个点。")
        return
    if any(not (-180 <= x <= 180 and -90 <= y <= 90) for ring in rings for x, y in ring):
        reading.faults.append(f"{where}的坐标不是经纬度（经度 -180 到 180，纬度 -90 到 90）。请转换坐标系再导出。")
        return
    reading.points += sum(len(ring) for ring in rings)
    reading.found[code] = rings


def _named(properties: Mapping[str, Any]) -> str:
    name = next((str(properties[key]) for key in NAME_KEYS if properties.get(key)), "")
    return f"（{name[:20]}）" if name else ""


def _rings(geometry: Any) -> list[Ring] | None:
    """Every ring of a polygon or of several; None for anything else."""
    if not isinstance(geometry, dict):
        return None
    parts = geometry.get("coordinates")
    if geometry.get("type") == "Polygon":
        parts = [parts]
    elif geometry.get("type") != "MultiPolygon":
        return None
    if not isinstance(parts, list) or not parts:
        return None
    rings: list[Ring] = []
    for part in parts:
        if not isinstance(part, list) or not part:
            return None
        for line in part:
            ring = _ring(line)
            if ring is None:
                return None
            rings.append(ring)
    return rings


def _ring(line: Any) -> Ring | None:
    if not isinstance(line, list) or len(line) < 4:
        return None
    ring: Ring = []
    for point in line:
        if not isinstance(point, list) or len(point) < 2:
            return None
        x, y = point[0], point[1]
        if any(isinstance(value, bool) or not isinstance(value, (int, float)) for value in (x, y)):
            return None
        if not all(math.isfinite(value) and abs(value) < 1e12 for value in (x, y)):
            return None
        ring.append((float(x), float(y)))
    return ring


def _laid_out(found: Mapping[str, list[Ring]], missing: tuple[str, ...]) -> Outline:
    """Longitudes shrink with the cosine of the middle latitude: a county keeps its look."""
    every = [point for rings in found.values() for ring in rings for point in ring]
    left, right = min(x for x, _ in every), max(x for x, _ in every)
    low, high = min(y for _, y in every), max(y for _, y in every)
    shrink = math.cos(math.radians((low + high) / 2))
    scale = (WIDTH - 2 * MARGIN) / max((right - left) * shrink, (high - low) * 0.8, 1e-9)
    height = math.ceil((high - low) * scale + 2 * MARGIN)

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return MARGIN + (point[0] - left) * shrink * scale, MARGIN + (high - point[1]) * scale

    shapes = [_shape(code, [[place(point) for point in ring] for ring in found[code]]) for code in sorted(found)]
    width = math.ceil((right - left) * shrink * scale + 2 * MARGIN)
    return Outline(width, height, tuple(shapes), missing)


def _shape(code: str, rings: list[Ring]) -> Shape:
    largest = max(rings, key=lambda ring: abs(_area(ring)))
    x, y = _middle(largest)
    width = max(x for x, _ in largest) - min(x for x, _ in largest)
    return Shape(code, "".join(_path(ring) for ring in rings), round(x, 1), round(y, 1), round(width, 1))


def _path(ring: Ring) -> str:
    """Points that lie nearer than anybody sees are left out."""
    kept = [ring[0]]
    for point in ring[1:-1]:
        if math.hypot(point[0] - kept[-1][0], point[1] - kept[-1][1]) >= SMALLEST_STEP:
            kept.append(point)
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in kept) + "Z"


def _area(ring: Ring) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in _pairs(ring)) / 2


def _middle(ring: Ring) -> tuple[float, float]:
    """The centre of gravity; of a shape without an area the mean of its points."""
    area = _area(ring)
    if abs(area) < 1e-6:
        return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)
    x = sum((a[0] + b[0]) * (a[0] * b[1] - b[0] * a[1]) for a, b in _pairs(ring)) / (6 * area)
    y = sum((a[1] + b[1]) * (a[0] * b[1] - b[0] * a[1]) for a, b in _pairs(ring)) / (6 * area)
    return x, y


def _pairs(ring: Ring) -> Iterable[tuple[tuple[float, float], tuple[float, float]]]:
    return zip(ring, ring[1:] + ring[:1], strict=True)
