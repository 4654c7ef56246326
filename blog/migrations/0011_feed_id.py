"""Give what is published the id that feeds called it by until now; measure the pictures."""

from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import migrations, models
from django.db.models import Q
from django.utils import timezone


def keep_ids(apps, schema_editor):
    seen = Q(status="published") | Q(publish_at__lte=timezone.now())
    posts = apps.get_model("blog", "Post").objects.filter(seen)
    for post in posts.only("slug").iterator():
        address = quote(post.slug, safe="!$&'()*+,;=~:@")  # as reverse() writes it
        posts.filter(pk=post.pk).update(feed_id=f"{settings.ROOST_URL}/posts/{address}/")


def measure(apps, schema_editor):
    images = apps.get_model("blog", "Image").objects.all()
    for image in images.only("file").iterator():
        try:
            size = default_storage.size(image.file.name)
        except OSError:
            continue
        images.filter(pk=image.pk).update(file_size=size)


class Migration(migrations.Migration):
    dependencies = [("blog", "0010_announced")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="feed_id",
            field=models.CharField(blank=True, default="", editable=False, max_length=2200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="image",
            name="file_size",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="bytes"),
        ),
        migrations.RunPython(keep_ids, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(measure, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(
                condition=models.Q(("feed_id", ""), _negated=True), fields=("feed_id",), name="post_unique_feed_id"
            ),
        ),
    ]
