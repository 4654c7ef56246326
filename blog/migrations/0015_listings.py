"""Indexes that hold all that a list asks for, and what stands in which list."""

import django.db.models.deletion
from django.db import migrations, models

# As blog.lists.listings derives it. The numbers are those of Listing.Kind.
FILL = """
INSERT INTO blog_listing (kind, key, at, post_id, position)
SELECT 1, CAST(tagged.tag_id AS varchar(20)), post.publish_at, post.id, 0
FROM blog_posttag tagged JOIN blog_post post ON post.id = tagged.content_object_id
WHERE post.status = 'published'
UNION ALL
SELECT 2, CAST(branch.above AS varchar(20)), post.publish_at, post.id, 0
FROM branch JOIN blog_post post ON post.category_id = branch.id
WHERE post.status = 'published'
UNION ALL
SELECT 3, CAST(named.model AS varchar(20)), post.publish_at, post.id, 0
FROM (
  SELECT id, generator_id AS model FROM blog_post WHERE generator_id IS NOT NULL
  UNION
  SELECT post_id, generator_id FROM blog_prompt WHERE generator_id IS NOT NULL AND position IS NOT NULL
) AS named JOIN blog_post post ON post.id = named.id
WHERE post.status = 'published'
UNION ALL
SELECT kind, key, post.publish_at, post.id, listed.position
FROM (
  SELECT 5 AS kind, '' AS key, post_id, position FROM blog_prompt
  UNION ALL
  SELECT DISTINCT 4, '', post_id, 0 FROM blog_prompt WHERE position IS NOT NULL
  UNION ALL
  SELECT 6, CAST(generator_id AS varchar(20)), post_id, position FROM blog_prompt WHERE generator_id IS NOT NULL
  UNION ALL
  SELECT 7, lang, post_id, position FROM blog_prompt
  UNION ALL
  SELECT 8, CAST(failing.failuremode_id AS varchar(20)), prompt.post_id, prompt.position
  FROM blog_prompt_failure_modes failing JOIN blog_prompt prompt ON prompt.id = failing.prompt_id
  UNION ALL
  SELECT 9, CAST(tagged.tag_id AS varchar(20)), prompt.post_id, prompt.position
  FROM blog_posttag tagged JOIN blog_prompt prompt ON prompt.post_id = tagged.content_object_id
) AS listed JOIN blog_post post ON post.id = listed.post_id
WHERE post.status = 'published' AND listed.position IS NOT NULL
"""
BRANCHES = """
WITH RECURSIVE branch(id, above) AS (
  SELECT id, id FROM blog_category
  UNION
  SELECT branch.id, category.parent_id FROM branch JOIN blog_category category ON category.id = branch.above
  WHERE category.parent_id IS NOT NULL
)
"""


class Migration(migrations.Migration):
    dependencies = [("blog", "0014_content_change")]

    operations = [
        migrations.RemoveIndex(model_name="post", name="post_home"),
        migrations.RemoveIndex(model_name="post", name="post_category_newest"),
        *(
            migrations.AddIndex(model_name="post", index=models.Index(fields=fields, name=f"post_{name}"))
            for name, fields in (
                ("home", ["status", "-pinned", "-publish_at", "-id"]),
                ("author_newest", ["author", "status", "-publish_at", "-id"]),
                ("indexable", ["status", "noindex", "id", "publish_at", "updated_at", "author", "series"]),
                ("latest", ["-publish_at", "-id"]),
                ("category_newest", ["category", "-publish_at", "-id"]),
            )
        ),
        migrations.CreateModel(
            name="Listing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.PositiveSmallIntegerField()),
                ("key", models.CharField(blank=True, max_length=20)),
                ("at", models.DateTimeField()),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="listings",
                        to="blog.post",
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0)),
            ],
            options={"verbose_name": "listing", "default_permissions": ()},
        ),
        migrations.RunSQL(FILL.replace("INSERT", BRANCHES + "INSERT", 1), migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(fields=["kind", "key", "-at", "-post", "position"], name="listing_order"),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.UniqueConstraint(fields=("post", "kind", "key", "position"), name="listing_once"),
        ),
    ]
