"""python -m tests.exchange.scaling 618 1500 30000: invented exports of that many students, imported twice, measured.

Works on the tests' database, made for it and dropped again; each size runs in a process of its own.
"""

import datetime as dt
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from exchange.upn import check_letter
from scripts import embedded

# ruff: noqa: E501 (this is a command, and rows of a file are easier to read whole)

SUBJECTS = ("English", "Mathematics", "Science", "History", "Geography", "French", "Art", "Music", "PE")
FORENAMES = ("Ava", "Noah", "Siân", "Kwame", "Zofia", "Omar", "Mei", "Leo", "Aoife", "Ravi")
SURNAMES = ("Okafor", "Smith-Jones", "O’Connor", "Müller", "Khan", "Patel", "Chen", "Reed", "Nowak", "Hall")
HOUSES = ("Becket", "Curie", "Seacole", "Turing")
CODES = ["/\\"] * 88 + ["II"] * 5 + ["L\\", "MM", "OO", "XX", "C2C2", "NU", "VV"]


def write_school(folder: Path, students: int) -> int:
    """Six files in the shape of a SIMS export, 104 marks a student; gives the number of marks."""
    rng = random.Random(students)
    days = [day for n in range(80) if (day := dt.date(2026, 9, 3) + dt.timedelta(days=n)).weekday() < 5][:52]
    groups = [
        f"{year}{house[:3].upper()}{n}"
        for n in range(max(1, students // 600))
        for year in range(7, 14)
        for house in HOUSES
    ]
    files = {name: (folder / f"{name}.csv").open("w", encoding="utf-8-sig") for name in HEADERS}
    for name, header in HEADERS.items():
        print(header, file=files[name])
    for n, group in enumerate(groups):
        house = HOUSES[n % 4]
        print(f"T{n:04d},Ms,Ada,Tutor{n},t{n}@school.example,Tutor,{group},{house}", file=files["staff"])
    for n in range(students):
        upn = "A" + f"{n:012d}"
        upn = check_letter(upn) + upn[1:]
        group = rng.choice(groups)
        year = int("".join(c for c in group[:2] if c.isdigit()))
        who = f"{rng.choice(SURNAMES)},{rng.choice(FORENAMES)}"
        print(
            f"{n:06d},{upn},{who},,14/03/{2026 - year - 5},F,Year {year},{group},{HOUSES[n % 4]},C,N,No,No,No",
            file=files["students"],
        )
        for place in (1, 2):
            print(
                f"{upn},{place},Mrs,Ann{place},{who.split(',')[0]},Mother,Yes,No,07700 900{n % 1000:03d},,,",
                file=files["contacts"],
            )
        for day in days:
            code = rng.choice(CODES)
            marks = (code[:2], code[2:]) if len(code) == 4 else (code[0], code[1])
            for half, mark in zip(("AM", "PM"), marks, strict=True):
                print(f"{upn},{day:%d/%m/%Y},{half},{mark},,", file=files["attendance"])
        for subject in SUBJECTS:
            for drop in ("2026 Summer", "2026 Autumn"):
                print(
                    f"{upn},{subject},T{n % len(groups):04d},7,{rng.randint(1, 9)},Good,{drop}",
                    file=files["assessment"],
                )
        for _ in range(5):
            print(f"{upn},{rng.choice(days):%d/%m/%Y},Positive,Kindness,1,T0000", file=files["behaviour"])
    for file in files.values():
        file.close()
    return students * len(days) * 2


HEADERS = {
    "students": "Admission No,UPN,Legal Surname,Legal Forename,Preferred Name,Date of Birth,Gender,Year Group,Reg Group,House,"
    "Enrolment Status,SEN Status,Pupil Premium,EAL,Looked After",
    "staff": "Staff Code,Title,Forename,Surname,Email,Role,Reg Group,House",
    "contacts": "UPN,Priority,Title,Forename,Surname,Relationship,Parental Responsibility,Court Order,Mobile,Email,Address,Postcode",
    "attendance": "UPN,Date,Session,Mark,Minutes Late,Comment",
    "assessment": "UPN,Subject,Teacher,Target,Working At,Effort,Data Drop",
    "behaviour": "UPN,Date,Type,Category,Points,Staff Code",
}


def measure(students: int) -> None:
    """One line: students, marks, first import, second import, peak memory of this process.

    As a data manager, under the policies that bind the worker.
    """
    from accounts.enums import Role
    from core.acting import Actor, acting_as
    from exchange.importing import Wish, import_folder
    from tests import database
    from tests import factories as make

    database.become(database.OWNER)
    school = make.SchoolFactory.create(name=f"School of {students}")
    manager = make.person(Role.DATA_MANAGER, school=school)
    database.become(database.WEB)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        marks = write_school(folder, students)
        seconds = []
        for _ in range(2):
            began, used = time.monotonic(), _processor_seconds()
            with acting_as(Actor(user_id=manager.pk)):
                report = import_folder(folder=folder, school=school, wish=Wish(dry_run=False), by=manager)
            seconds += [time.monotonic() - began, _processor_seconds() - used]
        assert sum(f.made + f.changed + f.refused for f in report.files) == 0, report.as_json()["totals"]
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"{students:>7,} students {marks:>10,} marks: first {seconds[0]:7.1f} s ({seconds[1]:.1f} of processor),"
            f" again {seconds[2]:7.1f} s ({seconds[3]:.1f}), peak {memory} MB"
        )


def _processor_seconds() -> float:
    """Of this process and of its PostgreSQL backend: what the import costs, however busy the machine is."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    ticks = Path(f"/proc/{backend}/stat").read_text().rpartition(") ")[2].split()[11:13]
    return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Each size in a process of its own, so that memory is that size's."""
    sizes = [int(text) for text in sys.argv[1:]] or [618, 1500]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ |= {"WAYMARK_EMBEDDED": "test", "DATABASE_POOL": "0"}
    embedded.ensure_environment()
    if len(sizes) > 1:
        for size in sizes:
            subprocess.run([sys.executable, "-m", "tests.exchange.scaling", str(size)], check=True)
        return
    import django

    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    from tests import database

    database.become(database.OWNER)
    old = setup_databases(verbosity=0, interactive=False)
    try:
        measure(sizes[0])
    finally:
        database.become(database.OWNER)
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    main()
