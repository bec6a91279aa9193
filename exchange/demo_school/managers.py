"""Who manages whom in the invented school: tutors their head of house, 1:1 tutors the SENCO and a senior leader."""

from accounts.enums import Role
from accounts.models import LineManager
from exchange.demo_school.people import Colleague, Group
from exchange.demo_school.records import Frame

UNDER_SENCO = {Role.ONE_TO_ONE_TUTOR, Role.CONTRIBUTOR}
UNDER_HEAD = {Role.HEAD_OF_HOUSE, Role.HEAD_OF_YEAR, Role.SENCO, Role.DSL, Role.DATA_MANAGER, Role.SENIOR_LEADER}


def add_lines(frame: Frame, groups: list[Group]) -> None:
    """Everybody has one, the headteacher the chair of governors; of the chair nobody is asked."""
    of_group = {group.tutor: group.house.leaders[0] for group in groups}
    for person in frame.staff.people:
        for manager in _managers(frame, person, of_group):
            frame.tables.add(
                LineManager, id=frame.keys.new(), school_id=frame.school, person_id=person.id, manager_id=manager.id,
                starts_on=max(person.since, manager.since),
            )  # fmt: skip


def _managers(frame: Frame, person: Colleague, of_group: dict[Colleague, Colleague]) -> list[Colleague]:
    by_role, held = frame.staff.by_role, set(person.memberships)
    head, senior = by_role[Role.HEADTEACHER][0], by_role[Role.SENIOR_LEADER][-1]
    if person in of_group:
        return [of_group[person]]
    if Role.CHAIR in held:
        return []
    if Role.HEADTEACHER in held:
        return by_role[Role.CHAIR][:1]
    if Role.DEPUTY_DSL in held:
        return by_role[Role.DSL][:1]
    if Role.DEPUTY_HEAD_OF_HOUSE in held:
        houses = frame.staff.scopes
        house = houses[person, Role.DEPUTY_HEAD_OF_HOUSE]["house_id"]
        return [one for one in by_role[Role.HEAD_OF_HOUSE] if houses[one, Role.HEAD_OF_HOUSE]["house_id"] == house]
    if held & UNDER_SENCO:
        return [by_role[Role.SENCO][0], *([senior] if Role.ONE_TO_ONE_TUTOR in held else [])]
    return [head] if held & UNDER_HEAD else [senior]
