"""Writing model plans."""

from django.db import transaction

from accounts.drafts import discard_draft
from accounts.models import User
from audit.services import record
from core.ids import UUID
from tutoring.plans.models import ModelPlan


@transaction.atomic
def save_model(*, by: User, model: ModelPlan, draft: UUID | None = None) -> ModelPlan:
    """Add a model, by whom it says, or change one: each change is a version of its own."""
    if not model._state.adding:
        model.version += 1
    model.save()
    discard_draft(by=by, token=draft)
    record("model_plan.saved", by=by, obj=model, version=model.version)
    return model
