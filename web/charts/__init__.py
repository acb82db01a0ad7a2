"""Server-drawn charts: plain values in, SVG markup out; no script, no style attribute."""

from web.charts.bars import bars, share
from web.charts.funnel import Stage, funnel
from web.charts.line import line
from web.charts.scale import Series, number
from web.charts.small import meter, sparkline
from web.charts.table import data_table, series_table
from web.charts.tile_map import VOIVODESHIPS, tile_map

__all__ = [
    "VOIVODESHIPS",
    "Series",
    "Stage",
    "bars",
    "data_table",
    "funnel",
    "line",
    "meter",
    "number",
    "series_table",
    "share",
    "sparkline",
    "tile_map",
]
