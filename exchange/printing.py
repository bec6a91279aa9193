"""The report of an import in words: whole for a person at a terminal, and the parts that its page shares."""

from exchange.findings import Report

_HEAD = ("made", "changed", "left", "refused", "no mark")
# A student's ethnicity counts with the student; how many have one is nobody's news.
_ROWS = ("students", "staff", "ethnicities", "single students")
_ONE = {
    "houses": "house",
    "roles": "role",
    "tutor groups": "tutor group",
    "places in groups": "place in a group",
    "tutors of groups": "tutor of a group",
    "subjects": "subject",
    "data drops": "data drop",
    "terms": "term",
}


def report_as_text(report: Report) -> str:
    """Files with their counts, the findings by file and line, the first changes."""
    lines = [f"{report.school}: {_title(report)}", "", "".join(f"{h:>9}" for h in _HEAD) + "  file"]
    for file in report.files:
        counts = (file.made, file.changed, file.left, file.refused, file.skipped)
        lines.append(
            "".join(f"{n:>9,}" for n in counts) + f"  {file.name}: {file.kind or 'not understood'}, {file.rows:,} rows"
        )
    also = also_made(report.also)
    lines += ["", "Also made: " + ", ".join(also) if also else ""]
    for finding in report.as_json()["findings"]:
        place = ", line ".join(filter(None, (finding["file"], str(finding["line"] or ""))))
        about = " ".join(filter(None, (finding["column"], f"“{finding['value']}”" if finding["value"] else "")))
        lines.append(
            f"{finding['severity']:>8}  "
            f"{place}{': ' if place else ''}{about}{'. ' if about else ''}{finding['message']}"
        )
    if report.not_listed:
        lines.append(f"          and {report.not_listed:,} more of the same sorts")
    for example in report.examples:
        lines.append(
            f"  change  {example['who']}: {example['field']} {example['before'] or '(empty)'} → "
            f"{example['after'] or '(empty)'}"
        )
    return "\n".join(lines)


def also_made(also: dict[str, dict[str, int]]) -> list[str]:
    """What an import makes besides the rows of its files, which count students and staff: "1 house", "2 terms"."""
    made = {name: counts["made"] for name, counts in also.items() if counts["made"] and name not in _ROWS}
    return [f"{number:,} {_ONE.get(name, name) if number == 1 else name}" for name, number in made.items()]


def _title(report: Report) -> str:
    if report.stopped:
        return report.stopped
    if not report.understood:
        return "no file was understood; nothing was imported"
    return f"{'a preview; nothing was written' if report.dry_run else 'imported'} ({report.seconds:.1f} s)"
