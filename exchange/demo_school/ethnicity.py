"""What the census knows of a pupil's ethnicity: by the spread of their heritage, with its own chance, so that no story
depends on it; of a few nothing is on file.
"""

import random

from exchange.demo_school import bank
from exchange.demo_school.people import Pupil
from exchange.demo_school.records import Frame
from students.models import Ethnicity

NOTHING_ON_FILE = 0.02


def add_ethnicity(frame: Frame, pupil: Pupil) -> None:
    """At most a row a pupil, mostly as a parent said."""
    chance = random.Random(f"{pupil.id} ethnicity")
    spread = bank.read("names")["heritage"][pupil.heritage]["ethnicity"]
    code = chance.choices(list(spread), list(spread.values()))[0]
    source = chance.choices("PCS", (80, 15, 5))[0] if code != "NOBT" else ""
    if chance.random() >= NOTHING_ON_FILE:
        frame.tables.add(
            Ethnicity, id=frame.keys.new(), school_id=frame.school, student_id=pupil.id, code=code, source=source
        )
