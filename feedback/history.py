"""The guard in the database that keeps history append-only, on both databases.

SQLite drops triggers without a word when a migration rebuilds their table: call `guard` as the last step of every
migration that touches feedback_caseevent. A test counts the triggers.
"""

TABLE = "feedback_caseevent"
SQLITE = {
    f"{TABLE}_no_{action.lower()}": (
        f"CREATE TRIGGER IF NOT EXISTS {TABLE}_no_{action.lower()} BEFORE {action} ON {TABLE} "
        "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
    )
    for action in ("UPDATE", "DELETE")
}
POSTGRESQL = (
    f"""CREATE OR REPLACE FUNCTION {TABLE}_guard() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'history is append-only'; END $$""",
    f"DROP TRIGGER IF EXISTS {TABLE}_no_change ON {TABLE}",
    f"""CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION {TABLE}_guard()""",
)


def guard(connection) -> None:
    statements = SQLITE.values() if connection.vendor == "sqlite" else POSTGRESQL
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def unguard(connection) -> None:
    """For tests that empty tables."""
    names = list(SQLITE) if connection.vendor == "sqlite" else [f"{TABLE}_no_change"]
    suffix = "" if connection.vendor == "sqlite" else f" ON {TABLE}"
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{suffix}")
