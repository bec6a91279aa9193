"""The permission table and the page of the documentation written from it."""

from accounts.enums import Role
from accounts.management.commands.write_permissions import PAGE, permissions_page
from accounts.permissions import ROLES_WITH, Permission
from accounts.selectors import permission_lines


def test_the_documentation_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == permissions_page(), "run manage.py write_permissions"


def test_every_permission_says_in_plain_words_what_it_lets_a_person_do() -> None:
    descriptions = [permission.description for permission in Permission]
    assert all(len(text) > 15 and not text.endswith(".") for text in descriptions)
    assert len(set(descriptions)) == len(descriptions)


def test_the_lines_say_what_the_table_says() -> None:
    assert {line.permission: set(line.roles) for line in permission_lines()} == ROLES_WITH
    assert all(len(line.held) == len(Role) for line in permission_lines())
