"""Where the children with a concern stand with the authority in the invented school; one went up the ladder."""

import datetime as dt
import uuid
from dataclasses import asdict

from django.utils import timezone

from exchange.demo_school.file_rows import moment, random_key
from exchange.demo_school.people import Colleague
from exchange.demo_school.records import Frame
from safeguarding.case.enums import Ladder, PlanCategory, Work
from safeguarding.case.models import Standing, StandingWords
from safeguarding.case.standing_services import Said
from safeguarding.case.standings import Person
from safeguarding.keys import Cipher

WORKER = Person(Work.SOCIAL_WORKER, "Ms Duty", "Children in need, East", "020 7946 0112", "j.duty@authority.example")
CHAIR = Person(Work.CHAIR, "Mr Fair", "Reviewing service", "020 7946 0144", "s.fair@authority.example")
NOTE = "Visits every ten days; school sends attendance on Fridays. The child wants the same worker to come."
# Which child of those with a concern, from how many days ago.
STANDS: dict[int, tuple[tuple[int, Ladder, str], ...]] = {
    0: ((60, Ladder.EARLY_HELP, ""),),
    1: ((200, Ladder.IN_NEED, ""), (20, Ladder.PLAN, PlanCategory.EMOTIONAL)),
    3: ((400, Ladder.YOUNG_CARER, ""),),
}


def add_standing(frame: Frame, student: uuid.UUID, under: Cipher, lead: Colleague, turn: int) -> None:
    """The rows of one child, each superseding the one before."""
    before: Standing | None = None
    for ago, level, category in STANDS.get(turn, ()):
        since = frame.calendar.today - dt.timedelta(days=ago)
        people = [WORKER, CHAIR] if level == Ladder.PLAN else [WORKER] if level == Ladder.IN_NEED else []
        said = Said(level, since, category, people=people, note=NOTE if people else "")
        row = Standing(id=random_key(frame), student_id=student, supersedes=before, **said.row(before))
        values = {name: getattr(row, name) for name in said.row(before)}
        frame.tables.add(
            Standing, id=row.id, student_id=student, written_by_id=lead.id, written_at=_written(frame, since),
            supersedes_id=before.id if before else None, **values,
        )  # fmt: skip
        sealed = StandingWords(id=random_key(frame))
        words = {"people": [asdict(one) for one in people], "note": said.note, "why_late": ""}
        frame.tables.add(
            StandingWords, id=sealed.id, standing_id=row.id, words=under.seal(sealed, "words", words)
        )  # fmt: skip
        before = row


def _written(frame: Frame, since: dt.date) -> dt.datetime:
    """On that day, or the first of the school year that the demo tells of."""
    return min(moment(max(since, frame.calendar.days[0]), 2), timezone.now())
