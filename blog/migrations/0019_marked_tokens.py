"""On SQLite the search's index is made anew: a token begins with the mark of its field, and beginnings are in it too."""

from django.db import migrations

FIELDS = {
    "postentry": ("title", "labels", "initials", "captions", "prompts", "text", "filed", "address"),
    "promptentry": ("caption", "text", "filed"),
}

# roost_marked is blog.search.sqlite.marked. An FTS5 table without content of its own
# (https://www.sqlite.org/fts5.html#contentless_tables), and a view of the tokens in it. What the "ascii" tokenizer gets
# are tokens already.
MADE = """
CREATE VIRTUAL TABLE blog_{name}_index USING fts5(tokens, content='', columnsize=0, tokenize='ascii');
CREATE VIRTUAL TABLE blog_{name}_words USING fts5vocab(blog_{name}_index, instance);
CREATE TRIGGER blog_{name}_added AFTER INSERT ON blog_{name} BEGIN
  INSERT INTO blog_{name}_index(rowid, tokens) VALUES (new.place, roost_marked({new}));
END;
CREATE TRIGGER blog_{name}_deleted AFTER DELETE ON blog_{name} BEGIN
  INSERT INTO blog_{name}_index(blog_{name}_index, rowid, tokens) VALUES ('delete', old.place, roost_marked({old}));
END;
CREATE TRIGGER blog_{name}_changed AFTER UPDATE ON blog_{name} BEGIN
  INSERT INTO blog_{name}_index(blog_{name}_index, rowid, tokens) VALUES ('delete', old.place, roost_marked({old}));
  INSERT INTO blog_{name}_index(rowid, tokens) VALUES (new.place, roost_marked({new}));
END;
INSERT INTO blog_{name}_index(rowid, tokens) SELECT place, roost_marked({fields}) FROM blog_{name};
"""
UNMARKED = """
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
INSERT INTO blog_{name}_index(rowid, {fields}) SELECT place, {unmarked} FROM blog_{name};
"""
DROPPED = """
DROP TRIGGER blog_{name}_added;
DROP TRIGGER blog_{name}_deleted;
DROP TRIGGER blog_{name}_changed;
DROP TABLE IF EXISTS blog_{name}_words;
DROP TABLE blog_{name}_index;
"""


def mark(apps, schema_editor):
    _make(schema_editor, MADE, "{when}.{field}")


def unmark(apps, schema_editor):
    _make(schema_editor, UNMARKED, "roost_tokens({when}.{field})")


def _make(schema_editor, script, value):
    if schema_editor.connection.vendor != "sqlite":
        return
    for name, fields in FIELDS.items():
        values = {when: ", ".join(value.format(when=when, field=field) for field in fields) for when in ("new", "old")}
        unmarked = ", ".join(f"roost_tokens({field})" for field in fields)
        _run(schema_editor, DROPPED.format(name=name))
        _run(schema_editor, script.format(name=name, fields=", ".join(fields), unmarked=unmarked, **values))


def _run(schema_editor, script):
    """Statement by statement: sqlite3's executescript would commit the migration's transaction."""
    statement = ""
    for line in script.strip().splitlines():
        statement += line + "\n"
        inside = statement.startswith("CREATE TRIGGER") and line != "END;"
        if line.endswith(";") and not inside:
            schema_editor.execute(statement, params=None)
            statement = ""


class Migration(migrations.Migration):
    dependencies = [("blog", "0018_more_long_lists")]

    operations = [migrations.RunPython(mark, unmark)]
