"""Group tutorials of the invented school: a programme, and for each group a weekly tutorial with three written up."""

from exchange.demo_school import bank
from exchange.demo_school.people import Group, Pupil
from exchange.demo_school.records import Frame
from exchange.demo_school.school_year import weekday_until
from tutoring.tutorials.enums import There
from tutoring.tutorials.models import Meeting, Presence, Series, Topic

WRITTEN, ABSENCES = 3, (There.LATE, There.ABSENT, There.EXCUSED)
NOTES = ("Good talk, everybody said something.", "", "Restless at first; working in pairs helped.")
FELL_OUT = "Whole-school assembly"


def add_programme(frame: Frame) -> None:
    """Topics for the weeks of this term, and for all of last year: the rest of this year is still to be copied."""
    topics = bank.read("tutorials")["topics"]
    current = frame.calendar.current
    for (year, name), term in frame.terms.items():
        if year != current.year - 1 and (year, name) != (current.year, current.name.value):
            continue
        for week, topic in enumerate(topics, start=1):
            key = frame.keys.new()
            frame.tables.add(
                Topic, id=key, term_id=term, week=week, title=topic["title"], cover="\n".join(topic["cover"]),
                resources=topic.get("resources", ""), tags=topic["tags"],
            )  # fmt: skip
            if (year, name) == (current.year, current.name.value):
                frame.topics[week] = (key, topic["cover"])


def add_tutorials(frame: Frame, group: Group) -> None:
    """On the weekday of the last school day: the three weeks before it are written up, its own is due."""
    calendar = frame.calendar
    current, last = calendar.current, calendar.last_day
    key, tutor = frame.keys.new(), group.tutor.id
    ends_on = max(term.ends_on for term in calendar.terms if term.year == current.year)
    days = [day for day in calendar.days if day.weekday() == last.weekday() and day >= current.starts_on]
    held = [day for day in days if day != last][-WRITTEN:]
    frame.tables.add(
        Series, id=key, group_id=group.id, weekday=last.weekday(), period="Registration",
        room=f"Room {group.position + 10}", starts_on=held[0] if held else last, ends_on=ends_on, made_by_id=tutor,
    )  # fmt: skip
    series = Series(pk=key)
    mondays = sorted({weekday_until(day, 0) for day in calendar.days if day >= current.starts_on})
    for place, day in enumerate(held):
        week = mondays.index(weekday_until(day, 0)) + 1
        topic, cover = frame.topics.get(week, (None, []))
        fell_out = FELL_OUT if place == 0 and group.position % 3 == 2 else ""
        meeting = series.key_of(day)
        frame.tables.add(
            Meeting, id=meeting, series_id=key, day=day, topic_id=topic, own_topic="" if topic else "Form time",
            covered="" if fell_out else "\n".join(cover[: len(cover) - place % 2]),
            note="" if fell_out else NOTES[place % len(NOTES)], not_held=fell_out, written_by_id=tutor,
        )  # fmt: skip
        if not fell_out:
            frame.meetings.setdefault(group.id, []).append(meeting)


def add_presence(frame: Frame, pupil: Pupil) -> None:
    """Nearly always there."""
    if pupil.left_on:
        return
    for meeting in frame.meetings.get(pupil.group.id, []):
        away = pupil.chance.random() < 0.08
        frame.tables.add(
            Presence, id=frame.keys.new(), meeting_id=meeting, student_id=pupil.id,
            mark=(pupil.chance.choice(ABSENCES) if away else There.PRESENT).value,
        )  # fmt: skip
