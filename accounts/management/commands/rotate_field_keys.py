"""manage.py rotate_field_keys: everything encrypted is encrypted anew with the first key of FIELD_KEYS."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import models, transaction
from django.db.models.functions import Substr

from accounts.second_factor import renew_secrets
from core import maintenance
from core.encryption import HEADER, EncryptionError, SealedField, place_of, ring

BATCH = 500


class Command(BaseCommand):
    """Each batch is a transaction and finds what is left by itself: stopped and started again, it goes on."""

    help = "Encrypts every sealed field anew with the first key of FIELD_KEYS; may be stopped and started again."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            ring()
        except EncryptionError as error:
            raise CommandError(str(error)) from error
        unreadable = 0
        with maintenance.as_owner():
            for model in apps.get_models():
                for field in model._meta.concrete_fields:
                    if isinstance(field, SealedField):
                        unreadable += self._renew(model, field.attname)
            unreadable += self._renew_factors()
        if unreadable:
            raise CommandError("Put the missing keys back into FIELD_KEYS and run this again. Nothing was deleted.")

    def _renew_factors(self) -> int:
        """The secrets of second factors, which stand inside allauth's own table."""
        unreadable = 0
        for authenticator in Authenticator.objects.all():
            try:
                renew_secrets(authenticator)
            except EncryptionError as error:
                unreadable += 1
                self.stderr.write(f"Second factor {authenticator.pk}: {error}")
        self.stdout.write(f"Second factors: {unreadable:,} not readable.")
        return unreadable

    def _renew(self, model: type[models.Model], column: str) -> int:
        """All values of a column that another key encrypts; returns how many could not be read."""
        done, unreadable, last = 0, 0, None
        head = Substr(column, 1, HEADER, output_field=models.BinaryField())
        old = model._default_manager.exclude(**{column: None}).annotate(_head=head)
        old = old.exclude(_head=ring().header).order_by("pk")
        while True:
            with transaction.atomic():
                rows = list((old.filter(pk__gt=last) if last else old).select_for_update()[:BATCH])
                for row in rows:
                    place = place_of(model._meta.db_table, row.pk, column)
                    try:
                        value = ring().encrypt(ring().decrypt(getattr(row, column), place), place)
                    except EncryptionError as error:
                        unreadable += 1
                        self.stderr.write(f"{model._meta.label} {row.pk}: {error}")
                        continue
                    model._default_manager.filter(pk=row.pk).update(**{column: value})
                    done += 1
            if not rows:
                break
            last = rows[-1].pk
        self.stdout.write(f"{model._meta.label}.{column}: {done:,} encrypted anew, {unreadable:,} not readable.")
        return unreadable
