"""Writes what was measured as text: what matters most first."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.reading.score import Score, worst
from benchmarks.reading.warm import Warmth


@dataclass
class Measured:
    """One contender on one set."""

    score: Score = field(default_factory=Score)
    pages: int = 0
    seconds: list[float] = field(default_factory=list)  # per page
    cpu_s: list[float] = field(default_factory=list)  # per page
    peak_bytes: int = 0
    refused: dict[str, int] = field(default_factory=dict)

    def add_usage(self, usage: Mapping[str, Any], pages: int) -> None:
        self.pages += pages
        self.seconds.append(usage["seconds"] / pages)
        self.cpu_s.append(usage["cpu_s"] / pages)
        self.peak_bytes = max(self.peak_bytes, usage["peak_bytes"])
        if reason := usage.get("unreadable"):
            self.refused[reason] = self.refused.get(reason, 0) + 1


Results = Mapping[str, Mapping[str, Measured]]  # contender → set → numbers


def written(results: Results, *, told: Mapping[str, str], errors: bool = False) -> str:
    """Markdown: proven values first, then each set beside its baselines, then its fields."""
    parts = [_proven(results), _overview(results, told), _fields(results)]
    if errors:
        parts.append(_errors(results))
    return "\n\n".join(part for part in parts if part) + "\n"


def _proven(results: Results) -> str:
    rows = []
    for contender, sets in results.items():
        if not contender.startswith("zalicz"):
            continue
        values = sum(one.score.proven_values for one in sets.values())
        wrong = sum(len(one.score.proven_wrong) for one in sets.values())
        rows.append(f"| {contender} | {values} | {wrong} | {_share(wrong, values, 2)} |")
    head = (
        "| who | proven values compared | wrong among them | share |\n| --- | ---: | ---: | ---: |"
    )
    return "### Wrong among proven values\n\n" + "\n".join([head, *rows])


def _overview(results: Results, told: Mapping[str, str]) -> str:
    head = (
        "| set | who | documents | header fields | wrong values given | lines P / R / F1 | "
        "every line right | straight-through | proven share | s/page median / p95 | "
        "CPU s/page median / p95 | peak MB |\n"
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    )
    rows = []
    for name in _sets(results):
        for contender, sets in results.items():
            if name in sets:
                rows.append(f"| {name} | {contender} | {_numbers(sets[name])} |")
    legend = "\n".join(f"* `{contender}`: {told[contender]}" for contender in results)
    return f"### Sets\n\n{legend}\n\n" + "\n".join([head, *rows])


def _numbers(one: Measured) -> str:
    score = one.score
    lines = "–"
    if score.lines_true:
        lines = " / ".join(_hundred(part) for part in (score.precision, score.recall, score.f1))
    return " | ".join(
        [
            f"{score.documents}" + (f" ({_refused(one)})" if one.refused else ""),
            f"{score.fields_right}/{score.fields_all}"
            f" = {_share(score.fields_right, score.fields_all)}",
            str(score.wrong_values),
            lines,
            f"{score.lined_documents_right}/{score.lined_documents}",
            f"{score.straight_through}/{score.documents}"
            f" = {_share(score.straight_through, score.documents)}",
            _share(score.proven_values, score.given_values) if score.proven_values else "–",
            f"{statistics.median(one.seconds):.2f} / {percentile(one.seconds, 95):.2f}",
            f"{statistics.median(one.cpu_s):.3f} / {percentile(one.cpu_s, 95):.3f}",
            f"{one.peak_bytes >> 20}",
        ]
    )


def _fields(results: Results) -> str:
    """Each header field of the product, per set."""
    parts = ["### Header fields"]
    for contender in (name for name in results if name.startswith("zalicz")):
        sets = results[contender]
        names = sorted({name for one in sets.values() for name in one.score.fields})
        head = f"| {contender} | " + " | ".join(names) + " |"
        rule = "| --- |" + " ---: |" * len(names)
        rows = []
        for set_name, one in sets.items():
            cells = [
                f"{one.score.fields[name][0]}/{one.score.fields[name][1]}"
                if name in one.score.fields
                else ""
                for name in names
            ]
            rows.append(f"| {set_name} | " + " | ".join(cells) + " |")
        parts.append("\n".join([head, rule, *rows]))
        most = worst([one.score for one in sets.values()], 5)
        if most:
            parts.append("Most often wrong or missing: " + ", ".join(f"{n} ({k})" for n, k in most))
    return "\n\n".join(parts)


def warmth(result: Warmth) -> str:
    """The layout memory: later documents of sellers, read without and with it."""
    head = (
        "| headings | sellers | taught | later documents | read | header fields | line F1 |"
        " straight-through | wrong among proven |\n"
        "| --- | ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: |"
    )
    rows = []
    for form, pair in result.scores.items():
        for name, score in zip(("cold", "warm"), pair, strict=True):
            cells = [
                form,
                str(result.sellers[form]),
                str(result.lessons[form]),
                str(score.documents),
                name,
                f"{score.fields_right}/{score.fields_all}",
                _hundred(score.f1),
                f"{score.straight_through}/{score.documents}",
                str(len(score.proven_wrong)),
            ]
            rows.append("| " + " | ".join(cells) + " |")
    return (
        "### Layout memory\n\nText documents of sellers with two or more of one form: the first is"
        " confirmed, the others are read without and with what it taught. `unknown`: the headings"
        " of quantities, prices and values are replaced by invented words.\n\n"
        + "\n".join([head, *rows])
        + "\n"
    )


def _errors(results: Results) -> str:
    wrong = [
        f"* {contender}: {line}"
        for contender, sets in results.items()
        for one in sets.values()
        for line in one.score.proven_wrong
    ]
    return "### Every wrong proven value\n\n" + "\n".join(wrong) if wrong else ""


def percentile(values: Sequence[float], share: int) -> float:
    """The smallest value that `share` percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def _sets(results: Results) -> list[str]:
    return list(dict.fromkeys(name for sets in results.values() for name in sets))


def _refused(one: Measured) -> str:
    return ", ".join(f"{count} {reason}" for reason, count in one.refused.items())


def _share(part: int, whole: int, digits: int = 1) -> str:
    return f"{100 * part / whole:.{digits}f} %" if whole else "–"


def _hundred(share: float) -> str:
    return f"{100 * share:.1f}"
