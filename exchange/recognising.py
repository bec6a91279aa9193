"""Which kind each file is, and in which order the kinds are read."""

from pathlib import Path

from exchange.findings import FileReport, Report, Severity
from exchange.headers import Kind
from exchange.kinds import assessment, attendance, behaviour, caseload, contacts, staff, student_columns, weekly
from exchange.reading import Unreadable, open_sheet
from exchange.tables import Table
from exchange.values import squeezed

# Everything hangs on the students, and their groups on the staff who tutor them.
KINDS: list[Kind] = [
    module.KIND for module in (staff, student_columns, contacts, caseload, attendance, weekly, assessment, behaviour)
]
_SPELLINGS = {s for kind in KINDS for spellings in kind.columns.values() for s in spellings}


def is_header(text: str) -> bool:
    """Whether the text is a header of any kind of file."""
    return squeezed(text) in _SPELLINGS or weekly.slot_of(text) is not None


def open_tables(paths: list[Path], folder: Path, report: Report) -> list[Table]:
    """The files that are understood, in the order to read them; about the others the report says why not."""
    tables = [t for p in paths if (t := _open(p, str(p.relative_to(folder)), report))]
    return sorted(tables, key=lambda t: [k.name for k in KINDS].index(t.kind.name))


def _open(path: Path, name: str, report: Report) -> Table | None:
    try:
        sheet = open_sheet(path, name, is_header)
    except (Unreadable, UnicodeError, OSError) as error:
        report.files.append(FileReport(name))
        report.add(name, 0, "", "", Severity.ERROR, "unreadable_file", f"{error}")
        return None
    scored = [(kind.score(columns := kind.match(sheet.headers), name), kind, columns) for kind in KINDS]
    score, kind, columns = max(scored, key=lambda found: found[0])
    if score > 0:
        return Table(sheet, kind, columns, report)
    headers = ", ".join(h for h in sheet.headers if h)[:300]
    report.files.append(FileReport(name, encoding=sheet.encoding, delimiter=sheet.delimiter))
    report.add(
        name,
        sheet.header_line,
        "",
        "",
        Severity.ERROR,
        "unrecognised_file",
        "By its headers this is none of the files Waymark reads, or a column that says who is meant is missing. "
        f"The headers are: {headers}. The other files go on.",
    )
    return None
