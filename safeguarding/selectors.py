"""Who leads on safeguarding today."""

from django.db.models import QuerySet

from accounts.enums import Role
from accounts.models import Membership, User


def safeguarding_leads(user: User) -> QuerySet[Membership]:
    """Today's designated lead and deputies of this person's school, the lead first, each with the person."""
    leads = Membership.objects.current().filter(
        school__staff=user, role__in=[Role.DSL, Role.DEPUTY_DSL], user__is_active=True
    )
    # "dsl" sorts after "deputy_dsl".
    return leads.select_related("user", "school").order_by("-role", "user__last_name")
