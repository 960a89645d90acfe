"""A difference as one HTML page that works offline, in the look of the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from pipeline.comparing.difference import Difference, Marked, Pair
from pipeline.comparing.summaries import Change
from pipeline.comparing.text import HASH_DIGITS, answer_of, ended, word
from pipeline.standard import SCHEMAS

STYLES = SCHEMAS / "report" / "report.css"
OWN_STYLES = "main { padding-top: 14px; } .id { white-space: nowrap; }"
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
FINDING_HEADS = ("diff_h_severity", "diff_h_rule", "diff_h_object", "diff_h_problem", "diff_h_mark")
Texts = Mapping[str, str]


def as_html(difference: Difference, texts: Texts) -> str:
    """The whole page; it asks the network for nothing and runs no script."""
    d = difference
    title = texts["diff_page"]
    body = "\n".join(
        [
            _cards(d, texts),
            *_section(texts["diff_h_stated"], _changes(d.stated, texts, _said)),
            *_section(texts["diff_new"].format(count=len(d.appeared)), _findings(d.appeared, texts)),
            *_section(texts["diff_fixed"].format(count=len(d.fixed)), _findings(d.fixed, texts)),
            *_section(texts["diff_unjudged"].format(count=len(d.unjudged)), _unjudged(d, texts)),
            *_section(texts["diff_waived"].format(count=len(d.answered)), _answered(d.answered, texts)),
            *_section(texts["diff_rules"].format(count=len(d.rules)), _changes(d.rules, texts, _rule)),
            *_section(texts["diff_indicators"].format(count=len(d.indicators)), _changes(d.indicators, texts, _figure)),
            *_section(texts["diff_inputs"].format(count=len(d.inputs)), _changes(d.inputs, texts, _rule)),
            *_section(texts["diff_renamed"].format(count=len(d.renamed)), _changes(d.renamed, texts, _file)),
            *_section(texts["diff_still"].format(count=len(d.still)), _findings([p.new for p in d.still], texts)),
        ]
    )
    cover = "".join(
        f"<span><b>{escape(texts[key])}</b>{escape(str(told['project'].get('name', '')))}　"
        f"{escape(str(told['project'].get('code', '')))}　{escape(word(told['verdict'], texts))}</span>"
        for key, told in (("diff_old", d.old), ("diff_new_side", d.new))
    )
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>{escape(title)}</title>\n<style>\n{STYLES.read_text('utf-8')}{OWN_STYLES}\n</style>\n"
        f'</head>\n<body>\n<header class="top">\n<h1>{escape(title)}</h1>\n<p>{cover}</p>\n</header>\n'
        f"<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _cards(d: Difference, texts: Texts) -> str:
    """How many of each, and the verdict of the new side."""
    numbers = (
        ("diff_card_new", d.appeared),
        ("diff_card_fixed", d.fixed),
        *([("diff_card_unjudged", d.unjudged)] if d.unjudged else []),
        ("diff_card_still", d.still),
    )
    verdict = escape(str(d.new["verdict"]))
    said = escape(word(d.new["verdict"], texts))
    cards = [f'<div class="card verdict {verdict}"><span>{texts["diff_verdict"]}</span><strong>{said}</strong></div>']
    cards += [
        f'<div class="card"><span>{texts[key]}</span><strong>{len(found)}</strong></div>' for key, found in numbers
    ]
    return f'<div class="cards">{"".join(cards)}</div>'


def _section(title: str, table: str) -> Iterator[str]:
    """A heading with its table; nothing when the table has no rows."""
    if table:
        yield f"<section>\n<h2>{escape(title.rstrip('：:'))}</h2>\n{table}\n</section>"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Cells are HTML already."""
    if not rows:
        return ""
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = "\n".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>'


def _findings(found: Sequence[Marked], texts: Texts) -> str:
    return _table([texts[key] for key in FINDING_HEADS], [_finding(marked, texts) for marked in found])


def _finding(marked: Marked, texts: Texts) -> list[str]:
    finding = marked.finding
    waived = texts["diff_is_waived"] if finding.waiver else ""
    return [
        f'<span class="chip {escape(finding.severity)}">{escape(texts[finding.severity])}</span>',
        f'<span class="id">{escape(finding.rule)}</span>',
        escape(finding.business_id or finding.feature or ""),
        escape(finding.message + waived),
        f"<code class='id'>{escape(marked.mark)}</code>",
    ]


def _unjudged(d: Difference, texts: Texts) -> str:
    heads = [*(texts[key] for key in FINDING_HEADS), texts["diff_h_ended"]]
    return _table(heads, [[*_finding(marked, texts), escape(ended(marked, d, texts))] for marked in d.unjudged])


def _answered(pairs: Sequence[Pair], texts: Texts) -> str:
    heads = [*(texts[key] for key in FINDING_HEADS), texts["diff_h_waiver"]]
    return _table(heads, [[*_finding(pair.new, texts), escape(answer_of(pair, texts))] for pair in pairs])


def _changes(changes: Sequence[Change], texts: Texts, named: Any) -> str:
    heads = [texts[key] for key in ("diff_h_name", "diff_h_old", "diff_h_new", "diff_h_difference")]
    rows = []
    for change in changes:
        values = [escape(_short(value, change, texts)) for value in (change.old, change.new)]
        step = "" if change.difference is None else f"{word(change.difference, texts)} {change.unit}".strip()
        rows.append([escape(named(change, texts)), *values, escape(step)])
    return _table(heads, rows)


def _short(value: Any, change: Change, texts: Texts) -> str:
    """A hash by its first digits; other values as in the text."""
    said = word(value, texts)
    is_hash = isinstance(value, str) and len(value) == 64 and len(change.name) == 2
    return said[:HASH_DIGITS] if is_hash else said


def _said(change: Change, texts: Texts) -> str:
    return " ".join([texts.get(f"diff_{change.name[0]}", change.name[0]), *change.name[1:]])


def _rule(change: Change, _: Texts) -> str:
    return change.name[1]


def _file(change: Change, _: Texts) -> str:
    return change.name[1][:HASH_DIGITS]


def _figure(change: Change, texts: Texts) -> str:
    _, _, building, label, what = change.name
    return f"{label}{f'（{building}）' if building else ''} {texts[f'diff_{what}']}"
