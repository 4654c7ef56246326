"""What the lists of the writing desk ask for, so that none reads the texts."""

from django.db import migrations, models

# As blog.rendering.lint has it.
SILENT_PICTURE = r'<img( [a-z-]+="[^"]*")* alt=" *"'
INDEXES = (
    ("post", "post_lang_latest", ["lang", "-publish_at", "-id"]),
    ("post", "post_lacks_alt", ["lacks_alt", "image", "-publish_at", "-id"]),
    ("post", "post_lacks_summary", ["lacks_summary", "-publish_at", "-id"]),
    ("post", "post_submitted", ["status", "submitted_at"]),
    ("prompt", "prompt_lang", ["lang"]),
    ("embed", "embed_lost", ["status", "-status_since"]),
    ("embed", "embed_posted", ["posted_at"]),
)


def look(apps, schema_editor):
    posts = apps.get_model("blog", "Post").objects.using(schema_editor.connection.alias)
    posts.filter(summary="").update(lacks_summary=True)
    posts.filter(body_html__contains="<img", body_html__regex=SILENT_PICTURE).update(lacks_alt=True)


class Migration(migrations.Migration):
    dependencies = [("blog", "0016_places")]

    operations = [
        migrations.AddField("post", "lacks_alt", models.BooleanField(default=False, editable=False)),
        migrations.AddField("post", "lacks_summary", models.BooleanField(default=False, editable=False)),
        migrations.RunPython(look, migrations.RunPython.noop),
        *(
            migrations.AddIndex(model_name=model, index=models.Index(fields=fields, name=name))
            for model, name, fields in INDEXES
        ),
    ]
