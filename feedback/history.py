"""The guard in the database that keeps history append-only, on both databases.

One change passes: the notes of an event are wiped, once, and `wiped_at` says so (`services.anonymise`). SQLite drops
triggers without a word when a migration rebuilds their table: call `guard` as the last step of every migration that
touches feedback_caseevent. A test counts the triggers.
"""

TABLE = "feedback_caseevent"
KEPT = ("id", "case_id", "at", "by_id", "step", "from_status", "to_status", "agency_id", "hash")
REFUSE = "SELECT RAISE(ABORT, 'history is append-only')"


def _is_wiping(distinct: str) -> str:
    """Whether an UPDATE takes the words away and nothing else; `distinct` is the database's "is not the same as"."""
    same = " ".join(f"AND NOT (NEW.{name} {distinct} OLD.{name})" for name in KEPT)
    return (
        "OLD.wiped_at IS NULL AND NEW.wiped_at IS NOT NULL AND NEW.public_note = '' AND NEW.internal_note = '' "
        f"{same}"
    )


def _sqlite(may_wipe: bool) -> list[str]:
    unless = f"WHEN NOT ({_is_wiping('IS NOT')}) " if may_wipe else ""
    return [
        f"DROP TRIGGER IF EXISTS {TABLE}_no_update",
        f"DROP TRIGGER IF EXISTS {TABLE}_no_delete",
        f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} {unless}BEGIN {REFUSE}; END",
        f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} BEGIN {REFUSE}; END",
    ]


def _postgresql(may_wipe: bool) -> list[str]:
    passes = (
        f"IF TG_OP = 'UPDATE' THEN IF {_is_wiping('IS DISTINCT FROM')} THEN RETURN NEW; END IF; END IF;"
        if may_wipe
        else ""
    )
    return [
        f"""CREATE OR REPLACE FUNCTION {TABLE}_guard() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN {passes} RAISE EXCEPTION 'history is append-only'; END $$""",
        f"DROP TRIGGER IF EXISTS {TABLE}_no_change ON {TABLE}",
        f"""CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION {TABLE}_guard()""",
    ]


def guard(connection) -> None:
    with connection.cursor() as cursor:
        columns = {column.name for column in connection.introspection.get_table_description(cursor, TABLE)}
        statements = _sqlite if connection.vendor == "sqlite" else _postgresql
        for statement in statements("wiped_at" in columns):  # an early migration runs before the column
            cursor.execute(statement)


def unguard(connection) -> None:
    """For tests that empty tables."""
    is_sqlite = connection.vendor == "sqlite"
    names = [f"{TABLE}_no_update", f"{TABLE}_no_delete"] if is_sqlite else [f"{TABLE}_no_change"]
    suffix = "" if is_sqlite else f" ON {TABLE}"
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{suffix}")
