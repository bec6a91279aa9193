"""The national attendance codes since 19 August 2024, and those withdrawn then (SI 2024/208; DfE guidance).

Each row: code, label, statistical class, first day, last day. Seeded into the table Code, which the figures use;
the same letter can mean different things on different days.
"""

import datetime as dt

from tutoring.attendance.enums import StatClass

Row = tuple[str, str, StatClass, dt.date, dt.date | None]

EVER = dt.date(2000, 1, 1)
REFORM = dt.date(2024, 8, 19)
BEFORE_REFORM = dt.date(2024, 8, 18)

_PRESENT, _APPROVED, _AUTHORISED, _UNAUTHORISED, _NOT_POSSIBLE, _NOT_COLLECTED = StatClass

CODES: list[Row] = [
    ("/", "Present (morning)", _PRESENT, EVER, None),
    ("\\", "Present (afternoon)", _PRESENT, EVER, None),
    ("L", "Late, before the register closed", _PRESENT, EVER, None),
    ("K", "Education arranged by the local authority", _APPROVED, REFORM, None),
    ("V", "Educational visit or trip", _APPROVED, EVER, None),
    ("P", "Approved sporting activity", _APPROVED, EVER, None),
    ("W", "Work experience", _APPROVED, EVER, None),
    ("B", "Other approved educational activity off site", _APPROVED, EVER, None),
    ("J", "Interview (until August 2024)", _APPROVED, EVER, BEFORE_REFORM),
    ("C", "Leave of absence, exceptional circumstance", _AUTHORISED, EVER, None),
    ("C1", "Leave for a regulated performance or employment abroad", _AUTHORISED, REFORM, None),
    ("C2", "Leave under a part-time timetable", _AUTHORISED, REFORM, None),
    ("E", "Suspended or excluded, no other provision", _AUTHORISED, EVER, None),
    ("I", "Illness", _AUTHORISED, EVER, None),
    ("J1", "Interview for employment or another school", _AUTHORISED, REFORM, None),
    ("M", "Medical or dental appointment", _AUTHORISED, EVER, None),
    ("R", "Religious observance", _AUTHORISED, EVER, None),
    ("S", "Study leave", _AUTHORISED, EVER, None),
    ("T", "Parent travelling for work", _AUTHORISED, EVER, None),
    ("H", "Family holiday, agreed (until August 2024)", _AUTHORISED, EVER, BEFORE_REFORM),
    ("F", "Extended family holiday, agreed (until 2013)", _AUTHORISED, EVER, BEFORE_REFORM),
    ("G", "Holiday not granted by the school", _UNAUTHORISED, EVER, None),
    ("N", "Reason not yet established", _UNAUTHORISED, EVER, None),
    ("O", "Absent in other or unknown circumstances", _UNAUTHORISED, EVER, None),
    ("U", "Arrived after the register closed", _UNAUTHORISED, EVER, None),
    ("D", "Dual registered, at the other school", _NOT_POSSIBLE, EVER, None),
    ("Q", "Unable: access arrangements not made", _NOT_POSSIBLE, REFORM, None),
    ("X", "Not of compulsory age and not required", _NOT_POSSIBLE, EVER, None),
    ("Y", "Unable: exceptional circumstances (until August 2024)", _NOT_POSSIBLE, EVER, BEFORE_REFORM),
    ("Y1", "Unable: school transport not available", _NOT_POSSIBLE, REFORM, None),
    ("Y2", "Unable: widespread disruption to travel", _NOT_POSSIBLE, REFORM, None),
    ("Y3", "Unable: part of the premises closed", _NOT_POSSIBLE, REFORM, None),
    ("Y4", "Unable: whole site unexpectedly closed", _NOT_POSSIBLE, REFORM, None),
    ("Y5", "Unable: in criminal justice detention", _NOT_POSSIBLE, REFORM, None),
    ("Y6", "Unable: public health guidance or law", _NOT_POSSIBLE, REFORM, None),
    ("Y7", "Unable: other unavoidable cause", _NOT_POSSIBLE, REFORM, None),
    ("Z", "Not yet on the admission register", _NOT_COLLECTED, EVER, None),
    ("#", "Planned whole-school closure", _NOT_COLLECTED, EVER, None),
]

# Ten of these within ten school weeks is the national threshold for considering a penalty notice.
NOTICE_CODES = frozenset({"G", "N", "O", "U"})
# Sessions on which the student came through the door; the school's own measure of punctuality counts L and U as late.
ARRIVAL_CODES = frozenset({"/", "\\", "L", "U"})
