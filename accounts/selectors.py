"""Reading roles and permissions as tables, and who of the staff can sign in."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Exists, OuterRef, QuerySet

from accounts.enums import ASSIGNED_ROLES, HOUSE_ROLES, YEAR_ROLES, Role
from accounts.models import Membership, School, User
from accounts.permissions import Permission, roles_with


@dataclass(frozen=True)
class PermissionLine:
    """One permission, what it lets a person do, and for each role of `Role` in order whether it carries it."""

    permission: Permission
    description: str
    held: tuple[bool, ...]

    @property
    def roles(self) -> list[Role]:
        return [role for role, held in zip(Role, self.held, strict=True) if held]


def permission_lines() -> list[PermissionLine]:
    """The whole table role → permissions, in the order of the permissions."""
    return [PermissionLine(p, p.description, tuple(role in roles_with(p) for role in Role)) for p in Permission]


def reach_of(role: Role) -> str:
    """In plain words, the students whom a role reaches; the rule itself is students_visible_to."""
    if role in ASSIGNED_ROLES:
        return "the groups and single students linked to this person"
    if role in HOUSE_ROLES:
        return "one house"
    if role in YEAR_ROLES:
        return "one year"
    return "the whole school, or the house or year named"


def staff_of(school: School) -> QuerySet[User]:
    """Everybody who works at the school today and can sign in, by name; a chair of governors does not work there."""
    return people_of(school, Membership.objects.current().exclude(role=Role.CHAIR))


def people_of(school: School, roles: QuerySet[Membership] | None = None) -> QuerySet[User]:
    """Everybody who has a role (one of `roles`, where given) at the school today and can sign in, by name."""
    holding = (Membership.objects.current() if roles is None else roles).filter(school=school).values("user")
    return User.objects.filter(school=school, is_active=True, pk__in=holding).order_by("last_name", "first_name", "pk")


def staff_sign_ins(school: School) -> QuerySet[User]:
    """The staff of a school, each with `has_passkey`, `has_app` and `works_here` (a role in force today)."""
    held = Authenticator.objects.filter(user=OuterRef("pk"))
    return (
        User.objects.filter(school=school)
        .select_related("invitation__sent_by", "school")
        .annotate(
            has_passkey=Exists(held.filter(type=Authenticator.Type.WEBAUTHN)),
            has_app=Exists(held.filter(type=Authenticator.Type.TOTP)),
            works_here=Exists(Membership.objects.current().filter(user=OuterRef("pk"), school=school)),
        )
    )


def staff_never_invited(school: School) -> QuerySet[User]:
    """Those who work here today, may sign in, have not yet, and were sent no invitation."""
    return staff_sign_ins(school).filter(pk__in=people_of(school).values("pk"), last_login=None, invitation=None)


@dataclass(frozen=True)
class OpenSession:
    """One browser somebody is signed in with; `browser` is its name in words, such as "Firefox on Windows"."""

    session: UserSession
    browser: str


def sessions_of(user: User) -> list[OpenSession]:
    """The browsers somebody is signed in with, the latest used first."""
    found = sorted(UserSession.objects.purge_and_list(user), key=lambda session: session.last_seen_at, reverse=True)
    return [OpenSession(session, browser_name(session.user_agent)) for session in found]


def browser_name(agent: str) -> str:
    """What a browser says of itself, as people say it. The first that fits: most claim to be several."""
    names = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
    systems = {"iPhone": "an iPhone", "iPad": "an iPad", "Android": "Android", "CrOS": "a Chromebook",
               "Windows": "Windows", "Mac OS": "a Mac", "Linux": "Linux"}  # fmt: skip
    name = next((said for mark, said in names.items() if mark in agent), "")
    system = next((said for mark, said in systems.items() if mark in agent), "")
    return " on ".join(filter(None, (name, system))) or agent[:60] or "Unknown browser"
