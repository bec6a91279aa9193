"""Two colleagues of one name always stand in the same order: lists of people end with what is unique."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0022_people_managed")]
    operations = [migrations.AlterModelOptions("user", options={"ordering": ["last_name", "first_name", "id"]})]
