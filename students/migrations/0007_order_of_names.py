"""Two of one name always stand in the same order: lists of students and of contacts end with what is unique."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("students", "0006_ethnicity_policies")]
    operations = [
        migrations.AlterModelOptions("contact", options={"ordering": ["priority", "surname", "id"]}),
        migrations.AlterModelOptions("student", options={"ordering": ["sort_name", "id"]}),
    ]
