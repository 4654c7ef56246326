# The rows are Django's; the indexes beside them are each database's own, which keeps them in step with the rows.

import django.db.models.deletion
from django.db import migrations, models

FIELDS = {
    "postentry": ("post", ("title", "labels", "initials", "captions", "prompts", "text")),
    "promptentry": ("prompt", ("caption", "text")),
}

# roost_tokens is blog.search.words.tokens. An FTS5 table without content of its own (https://www.sqlite.org/fts5.html#contentless_tables). What the "ascii"
# tokenizer gets are tokens already; it leaves everything but A-Z as it is.
SQLITE = """
CREATE VIRTUAL TABLE blog_{name}_index USING fts5({fields}, content='', tokenize='ascii');
CREATE TRIGGER blog_{name}_added AFTER INSERT ON blog_{name} BEGIN
  INSERT INTO blog_{name}_index(rowid, {fields}) VALUES (new.{key}_id, {new});
END;
CREATE TRIGGER blog_{name}_deleted AFTER DELETE ON blog_{name} BEGIN
  INSERT INTO blog_{name}_index(blog_{name}_index, rowid, {fields}) VALUES ('delete', old.{key}_id, {old});
END;
CREATE TRIGGER blog_{name}_changed AFTER UPDATE ON blog_{name} BEGIN
  INSERT INTO blog_{name}_index(blog_{name}_index, rowid, {fields}) VALUES ('delete', old.{key}_id, {old});
  INSERT INTO blog_{name}_index(rowid, {fields}) VALUES (new.{key}_id, {new});
END;
"""
SQLITE_UNDONE = """
DROP TRIGGER blog_{name}_added;
DROP TRIGGER blog_{name}_deleted;
DROP TRIGGER blog_{name}_changed;
DROP TABLE blog_{name}_index;
"""

# A tsvector without places, as these end at 16,383: of a word itself, of a run four letters from each of its letters
# on, so that the beginning of one finds up to four. 64,000 of them fit into a tsvector's megabyte in any script.
POSTGRES = """
CREATE FUNCTION blog_search_tokens(folded text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array_to_tsvector(coalesce(array_agg(token), '{}')) FROM (
    SELECT CASE WHEN ascii(unit) < 128 THEN unit ELSE substr(unit, place, 4) END AS token
    FROM unnest(string_to_array(folded, ' ')) WITH ORDINALITY AS units(unit, number),
         generate_series(1, CASE WHEN ascii(unit) < 128 THEN 1 ELSE length(unit) END) AS place
    WHERE unit <> ''
    GROUP BY token
    ORDER BY min(number)
    LIMIT 64000
  ) AS found
$$;
"""
POSTGRES_COLUMN = "ALTER TABLE blog_{name} ADD COLUMN in_{column} tsvector GENERATED ALWAYS AS (blog_search_tokens({joined})) STORED;\n"
POSTGRES_INDEX = "CREATE INDEX blog_{name}_index ON blog_{name} USING gin ({columns}) WITH (fastupdate = off);"


def sqlite(script, name, key, fields):
    return script.format(
        name=name,
        key=key,
        fields=", ".join(fields),
        new=", ".join(f"roost_tokens(new.{field})" for field in fields),
        old=", ".join(f"roost_tokens(old.{field})" for field in fields),
    )


def postgres_columns(fields):
    """A column for each field that is searched alone, and one for all together."""
    alone = {field: field for field in fields if field != "text"} if "title" in fields else {}
    return {**alone, "all": " || ' ' || ".join(fields)}


def make(apps, schema_editor):
    is_postgres = schema_editor.connection.vendor == "postgresql"
    if is_postgres:
        schema_editor.execute(POSTGRES, params=None)
    for name, (key, fields) in FIELDS.items():
        if not is_postgres:
            run(schema_editor, sqlite(SQLITE, name, key, fields))
            continue
        columns = postgres_columns(fields)
        for column, joined in columns.items():
            schema_editor.execute(POSTGRES_COLUMN.format(name=name, column=column, joined=joined), params=None)
        listed = ", ".join(f"in_{column}" for column in columns)
        schema_editor.execute(POSTGRES_INDEX.format(name=name, columns=listed), params=None)


def unmake(apps, schema_editor):
    is_postgres = schema_editor.connection.vendor == "postgresql"
    for name, (key, fields) in FIELDS.items():
        if not is_postgres:
            run(schema_editor, sqlite(SQLITE_UNDONE, name, key, fields))
            continue
        for column in postgres_columns(fields):
            schema_editor.execute(f"ALTER TABLE blog_{name} DROP COLUMN in_{column}", params=None)
    if is_postgres:
        schema_editor.execute("DROP FUNCTION blog_search_tokens(text)", params=None)


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

    dependencies = [
        ('blog', '0008_reader'),
    ]

    operations = [
        migrations.CreateModel(
            name='PostEntry',
            fields=[
                ('post', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_entry', serialize=False, to='blog.post')),
                ('indexed_by', models.PositiveIntegerField(default=0)),
                ('title', models.TextField(blank=True)),
                ('labels', models.TextField(blank=True)),
                ('initials', models.TextField(blank=True)),
                ('captions', models.TextField(blank=True)),
                ('prompts', models.TextField(blank=True)),
                ('text', models.TextField(blank=True)),
            ],
            options={'verbose_name': 'search entry', 'verbose_name_plural': 'search entries', 'default_permissions': ()},
        ),
        migrations.CreateModel(
            name='PromptEntry',
            fields=[
                ('prompt', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_entry', serialize=False, to='blog.prompt')),
                ('indexed_by', models.PositiveIntegerField(default=0)),
                ('caption', models.TextField(blank=True)),
                ('text', models.TextField(blank=True)),
            ],
            options={'verbose_name': 'search entry', 'verbose_name_plural': 'search entries', 'default_permissions': ()},
        ),
        migrations.RunPython(make, unmake),
    ]
