"""What the blog itself has in its menu gets places among the pages; languages are no part of the schema."""

from django.db import migrations, models

import blog.models.site


def _with_built_in(apps, schema_editor):
    for site in apps.get_model("blog", "SiteSettings").objects.all():
        site.menu = [*blog.models.site.default_menu(), *(entry for entry in site.menu if entry[0])]
        site.save(update_fields=["menu"])


def _without(apps, schema_editor):
    for site in apps.get_model("blog", "SiteSettings").objects.all():
        site.menu = [entry for entry in site.menu if entry[0]]
        site.save(update_fields=["menu"])


class Migration(migrations.Migration):
    dependencies = [("blog", "0012_series_redirect")]
    operations = [
        migrations.AddField(
            "sitesettings",
            "menu_places",
            models.JSONField(default=blog.models.site.default_places, editable=False),
        ),
        migrations.AlterField(
            "sitesettings",
            "menu",
            models.JSONField(default=blog.models.site.default_menu, editable=False),
        ),
        migrations.AlterField(
            "sitesettings",
            "language",
            models.CharField(
                choices=blog.models.site.languages, default="ko", max_length=10, verbose_name="language"
            ),
        ),
        migrations.RunPython(_with_built_in, _without),
    ]
