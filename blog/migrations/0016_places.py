"""Entries get places in the order of time, and say where they are filed. `manage.py reindex --stale` writes them anew.

The rows are Django's; the indexes beside them are each database's own, which keeps them in step with the rows.
"""

from django.db import migrations, models

FIELDS = {
    "postentry": ("title", "labels", "initials", "captions", "prompts", "text", "filed", "address"),
    "promptentry": ("caption", "text", "filed"),
}

# roost_tokens is blog.search.words.tokens. An FTS5 table without content of its own
# (https://www.sqlite.org/fts5.html#contentless_tables). What the "ascii" tokenizer gets are tokens already; it leaves
# everything but A-Z as it is.
SQLITE = """
CREATE VIRTUAL TABLE blog_{name}_index USING fts5({fields}, content='', tokenize='ascii');
CREATE TRIGGER blog_{name}_added AFTER INSERT ON blog_{name} BEGIN
  INSERT INTO blog_{name}_index(rowid, {fields}) VALUES (new.place, {new});
END;
CREATE TRIGGER blog_{name}_deleted AFTER DELETE ON blog_{name} BEGIN
  INSERT INTO blog_{name}_index(blog_{name}_index, rowid, {fields}) VALUES ('delete', old.place, {old});
END;
CREATE TRIGGER blog_{name}_changed AFTER UPDATE ON blog_{name} BEGIN
  INSERT INTO blog_{name}_index(blog_{name}_index, rowid, {fields}) VALUES ('delete', old.place, {old});
  INSERT INTO blog_{name}_index(rowid, {fields}) VALUES (new.place, {new});
END;
"""
SQLITE_UNDONE = """
DROP TRIGGER blog_{name}_added;
DROP TRIGGER blog_{name}_deleted;
DROP TRIGGER blog_{name}_changed;
DROP TABLE blog_{name}_index;
"""

# 0009_search made the columns of the others, and the function.
COLUMN = (
    "ALTER TABLE blog_{name} ADD COLUMN in_{field} tsvector GENERATED ALWAYS AS (blog_search_tokens({field})) STORED"
)
INDEX = "CREATE INDEX blog_{name}_index ON blog_{name} USING gin ({columns}) WITH (fastupdate = off)"
NEW = {"postentry": ("filed", "address"), "promptentry": ("filed",)}


def forget(apps, schema_editor):
    for name in FIELDS:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX blog_{name}_index")
        else:
            run(schema_editor, SQLITE_UNDONE.format(name=name))
        schema_editor.execute(f"DELETE FROM blog_{name}")


def make(apps, schema_editor):
    for name, fields in FIELDS.items():
        if schema_editor.connection.vendor == "postgresql":
            for field in NEW[name]:
                schema_editor.execute(COLUMN.format(name=name, field=field))
            alone = [field for field in fields if field != "text" and (name == "postentry" or field == "filed")]
            schema_editor.execute(INDEX.format(name=name, columns=", ".join(f"in_{one}" for one in (*alone, "all"))))
            continue
        values = {when: ", ".join(f"roost_tokens({when}.{field})" for field in fields) for when in ("new", "old")}
        run(schema_editor, SQLITE.format(name=name, fields=", ".join(fields), **values))


def run(schema_editor, script):
    """Statement by statement: sqlite3's executescript would commit the migration's transaction."""
    statement = ""
    for line in script.strip().splitlines():
        statement += line + "\n"
        inside = statement.startswith("CREATE TRIGGER") and line != "END;"
        if line.endswith(";") and not inside:
            schema_editor.execute(statement, params=None)
            statement = ""


class Migration(migrations.Migration):
    dependencies = [("blog", "0015_listings")]

    operations = [
        migrations.RunPython(forget),
        *(
            migrations.AddField(model_name=name, name=field, field=kind, preserve_default=False)
            for name, field, kind in (
                ("postentry", "place", models.BigIntegerField(default=0, unique=True)),
                ("postentry", "filed", models.TextField(blank=True, default="")),
                ("postentry", "address", models.TextField(blank=True, default="")),
                ("promptentry", "place", models.BigIntegerField(default=0, unique=True)),
                ("promptentry", "filed", models.TextField(blank=True, default="")),
            )
        ),
        migrations.RunPython(make),
    ]
