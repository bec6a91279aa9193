"""A few concerns on the safeguarding file of the invented school: one of a group, until all of them were raised."""

import datetime as dt
import hashlib
import io
import uuid
from dataclasses import asdict

from PIL import Image, ImageDraw

from accounts.enums import Role
from core.encryption import seal_json
from exchange.demo_school.case import add_case
from exchange.demo_school.file_rows import add_entry, moment, random_key
from exchange.demo_school.keeping import DAYS_TO_RECEIPT, add_gone, add_hold
from exchange.demo_school.people import Colleague, Pupil
from exchange.demo_school.records import Frame
from exchange.demo_school.standings import add_standing
from safeguarding.enums import Kind, Level, Part, Status, Step, Store
from safeguarding.keys import Cipher, new_cipher, new_student_key, wrap
from safeguarding.models import Attachment, Concern, ConcernChild, ConcernKey, Receipt, StudentKey
from safeguarding.services import Words
from safeguarding.transfer.days import DAYS
from safeguarding.transfer.enums import Basis
from safeguarding.transfer.models import Transfer

# (days ago, category, what was seen or heard, the child's own words, where, how far it has come)
SAID: tuple[tuple[int, str, str, str, str, Status], ...] = (
    (2, "abuse-neglect", "Came to registration without a coat again, in the rain, and asked two others for toast.",
     "I just forgot to eat. There wasn’t nothing in.", "Form room", Status.SENT),
    (3, "family-domestic-abuse", "Was quiet all morning. Stayed behind and told me about the weekend, unasked.",
     "They were shouting till late and something got smashed. I put my headphones on.", "Room 12", Status.RECEIVED),
    (8, "child-online-bullying", "Showed me messages on a phone from a group of older students.",
     "They keep adding me back. If I leave it gets worse.", "Corridor by the library", Status.ACTING),
    (30, "self-harm", "Pulled down a sleeve quickly in PE. I asked whether they were all right and nothing more.",
     "It’s old. Please don’t ring mum.", "Sports hall", Status.CLOSED),
)  # fmt: skip
DECIDED = "Spoke with the child first. They want to be there when home is rung. No sign of danger tonight."
CLOSED = "Seen three times since. Says it is better, and knows whom to come to. Looked at again at the end of term."
TOLD = "Thank you for telling us at once. We have spoken with them; carry on as you are, and write down what you see."
# (left edge in pixels, what it says)
MESSAGES = (
    (20, "added you to the group"),
    (20, "we know your bus"),
    (100, "leave me alone"),
    (20, "added you to the group"),
)
# Stand in `frame.concerned` once somebody who left has a file; and somebody whose file went.
LEAVER, GONE = uuid.UUID(int=0), uuid.UUID(int=1)
HELD = 1
FROM_START = 12
OF_A_LEAVER = (
    "family-young-carer", "Fell asleep in a lesson; says that home is theirs to run: cooking, the little ones to bed.",
    "Mum can’t get up most days so I do it.", "Room 4", Status.ACTING,
)  # fmt: skip
GOES_TO = {"name": "Eastmoor High School", "urn": "", "dsl": "Thandi Nkosi", "contact": "01632 960 222"}


def add_concern(frame: Frame, pupil: Pupil) -> None:
    """Of one pupil of this group, raised by the tutor, with what the lead did since."""
    turn = len(frame.concerned - {LEAVER, GONE})
    if pupil.left_on:
        _add_leaver(frame, pupil)
        return
    if turn == len(SAID) or pupil.group.id in frame.concerned:
        return
    frame.concerned.add(pupil.group.id)
    under = _add(frame, pupil, frame.calendar.days[-SAID[turn][0]], *SAID[turn][1:])
    add_standing(frame, pupil.id, under, frame.staff.by_role[Role.DSL][0], turn)
    if turn == HELD:
        add_hold(frame, pupil.id)


def _add_leaver(frame: Frame, pupil: Pupil) -> None:
    """The first who left: with a file that is to be sent on, and somebody has said where. The second: one that went."""
    if pupil.left_on is None or {LEAVER, GONE} <= frame.concerned:
        return
    before = [day for day in frame.calendar.days if day < pupil.left_on]
    if len(before) < FROM_START:
        return
    if LEAVER in frame.concerned:
        if pupil.left_on + dt.timedelta(days=DAYS_TO_RECEIPT) <= frame.calendar.today:
            frame.concerned.add(GONE)
            _add(frame, pupil, before[-FROM_START], *OF_A_LEAVER)
            add_gone(frame, pupil)
        return
    frame.concerned.add(LEAVER)
    _add(frame, pupil, before[-FROM_START], *OF_A_LEAVER)
    transfer = Transfer(id=random_key(frame))
    frame.tables.add(
        Transfer, id=transfer.id, student_id=pupil.id, left_on=pupil.left_on, basis=Basis.IN_YEAR,
        due_on=pupil.left_on + dt.timedelta(days=DAYS), begun_by_id=frame.staff.by_role[Role.DSL][0].id,
        begun_at=moment(frame.calendar.days[-1], 0), to=seal_json(transfer, "to", GOES_TO),
    )  # fmt: skip


def _add(
    frame: Frame, pupil: Pupil, day: dt.date, category: str, seen: str, child: str, where: str, status: Status
) -> Cipher:
    """The concern with its entries; returns what the child's key seals."""
    at, tutor, lead = moment(day, 0), pupil.group.tutor, frame.staff.by_role[Role.DSL][0]
    key, under = new_student_key(pupil.id)
    frame.keyed.add(pupil.id)
    cipher, pk = new_cipher(), random_key(frame)
    taken = {} if status == Status.SENT else {"owner_id": lead.id, "level": Level.SAME_DAY}
    frame.tables.add(StudentKey, student_id=pupil.id, wrapped=key.wrapped)
    frame.tables.add(
        Concern, id=pk, school_id=frame.school, store=Store.CHILDREN, reporter_id=tutor.id, raised_at=at,
        category=category, happened_on=day, status=status, **taken,
        step=Step.SUPPORT if status in (Status.ACTING, Status.CLOSED) else "",
    )  # fmt: skip
    frame.tables.add(ConcernChild, id=random_key(frame), concern_id=pk, student_id=pupil.id, part=Part.SUBJECT)
    wrapped = wrap(cipher, pk, pupil.id, under)
    frame.tables.add(ConcernKey, id=wrapped.id, concern_id=pk, student_id=pupil.id, wrapped=wrapped.wrapped)
    _add_receipt(frame, pk, tutor, at, status)
    name = f"{pupil.preferred} {pupil.surname}"
    words = asdict(Words(names=[name], seen=seen, child_words=child, where=where))
    raised = add_entry(frame, pk, cipher, Kind.RAISED, tutor, at, words, day)
    if "messages" in seen:
        _add_screenshot(frame, pk, cipher, raised, tutor)
    if status in (Status.ACTING, Status.CLOSED):
        decided = {"step": Step.SUPPORT.value, "text": DECIDED, "by": ""}
        add_entry(frame, pk, cipher, Kind.DECISION, lead, moment(day, 3), decided)
    if status == Status.RECEIVED:
        add_case(frame, pk, cipher, lead, day)
    if status == Status.CLOSED:
        add_entry(frame, pk, cipher, Kind.CLOSED, lead, moment(frame.calendar.days[-2], 5), {"text": CLOSED})
    return under


def _add_receipt(frame: Frame, concern: uuid.UUID, tutor: Colleague, at: dt.datetime, status: Status) -> None:
    far = list(Status).index(status)
    stages = {
        name: at + dt.timedelta(hours=n)
        for n, name in enumerate(("received_at", "acting_at", "closed_at"), 1)
        if n <= far
    }
    receipt = Receipt(id=random_key(frame))
    told = {"told": seal_json(receipt, "told", TOLD), "told_at": at} if far > 1 else {}
    frame.tables.add(
        Receipt, id=receipt.id, concern_id=concern, reporter_id=tutor.id, raised_at=at, status=status, **stages, **told
    )


def _add_screenshot(frame: Frame, concern: uuid.UUID, cipher: Cipher, entry: uuid.UUID, tutor: Colleague) -> None:
    """Of the messages that were shown."""
    row, picture, out = Attachment(id=random_key(frame)), Image.new("RGB", (360, 200), "white"), io.BytesIO()
    draw = ImageDraw.Draw(picture)
    for line, (side, text) in enumerate(MESSAGES):
        draw.rounded_rectangle((side, 20 + 42 * line, side + 240, 50 + 42 * line), 8, fill="lightgrey")
        draw.text((side + 10, 28 + 42 * line), text, fill="black")
    picture.save(out, "PNG")
    about = {
        "name": "screenshot.png",
        "kind": "png",
        "bytes": out.tell(),
        "sha256": hashlib.sha256(out.getvalue()).hexdigest(),
    }
    frame.tables.add(
        Attachment, id=row.id, concern_id=concern, entry_id=entry, added_by_id=tutor.id,
        about=cipher.seal(row, "about", about), content=cipher.seal_bytes(row, "content", out.getvalue()),
    )  # fmt: skip
