"""One line that staff need to know, about a pupil of the tutor whom the demo presents; of nobody on the file."""

import datetime as dt

from accounts.enums import Role
from exchange.demo_school.file_rows import moment, random_key
from exchange.demo_school.people import Pupil
from exchange.demo_school.pupils import NAMED_GROUP
from exchange.demo_school.records import Frame
from safeguarding.keys import new_student_key
from safeguarding.models import StudentKey
from safeguarding.sharing.enums import Sealed
from safeguarding.sharing.models import StaffLine, StaffLineReader, StaffLineWords

AGO, LASTS = 3, dt.timedelta(days=28)
SAID = {
    Sealed.TEXT: "If anybody but {name}’s gran comes to fetch {name}, ring the office first and keep {name} with you.",
    Sealed.WHY: "Agreed with home; the office knows who may fetch. Looked at again at the end of the month.",
}


def add_line(frame: Frame, pupil: Pupil) -> None:
    """Of the first in the group who has no concern; the head of house has read it, the tutor has not."""
    if pupil.left_on or pupil.group.name != NAMED_GROUP or pupil.id in frame.keyed or frame.lined:
        return
    frame.lined.add(pupil.id)
    frame.keyed.add(pupil.id)
    key, under = new_student_key(pupil.id)
    frame.tables.add(StudentKey, student_id=pupil.id, wrapped=key.wrapped)
    lead, at = frame.staff.by_role[Role.DSL][0], moment(frame.calendar.days[-AGO], 2)
    line = random_key(frame)
    frame.tables.add(
        StaffLine, id=line, student_id=pupil.id, published_by_id=lead.id, published_at=at, until=at.date() + LASTS,
        withdrawn_at=None, withdrawn_by_id=None,
    )  # fmt: skip
    for kind, words in SAID.items():
        row = StaffLineWords(id=random_key(frame))
        sealed = under.seal(row, "words", words.format(name=pupil.preferred))
        frame.tables.add(StaffLineWords, id=row.id, line_id=line, kind=kind, words=sealed)
    for person, understood in ((pupil.group.tutor, None), (frame.staff.by_role[Role.HEAD_OF_HOUSE][0], at)):
        frame.tables.add(
            StaffLineReader, id=random_key(frame), line_id=line, person_id=person.id, understood_at=understood
        )
