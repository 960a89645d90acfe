"""What changed between two runs or deliveries: findings by their marks, rules, indicators, inputs, editions."""

from pipeline.comparing.difference import Difference, Marked, Pair, compare
from pipeline.comparing.opening import opened
from pipeline.comparing.page import as_html
from pipeline.comparing.summaries import Change
from pipeline.comparing.text import as_data, lines

__all__ = ["Change", "Difference", "Marked", "Pair", "as_data", "as_html", "compare", "lines", "opened"]
