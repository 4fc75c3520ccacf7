"""
Keeps MLflow able to start on its database, whatever was done to it before.

A SQLite database is created and migrated in a separate file, which replaces the old one when it is complete: SQLite
does not roll back the migrations of a process that is killed among them, and MLflow fails on what they leave for ever.
The database from before a migration is kept beside it. PostgreSQL rolls migrations back, and its backup is left to its
own tools: it is migrated only on request.

Notes for people begin with `soen: `; the single line of a refusal has its code.
"""

import itertools
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import sqlalchemy
from alembic.script import ScriptDirectory
from mlflow.entities import Experiment
from mlflow.store.db import utils
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore, SqlExperiment

SQLITE = "sqlite:///"
# SQLite's messages about problems of the disk, permissions or locks.
SURROUNDINGS = ("is full", "is locked", "unable to open", "readonly", "disk I/O")
# Confirms that an older MLflow's PostgreSQL was backed up and may be migrated.
MAY_MIGRATE = "SOEN_MIGRATE_DATABASE"

create_default_experiment = SqlAlchemyStore._create_default_experiment


def keep(uri: str) -> None:
    """Prepares the database for MLflow, which is about to open it, or refuses with a named reason."""
    SqlAlchemyStore._create_default_experiment = create_default_experiment_by_a_free_name
    if uri.startswith(SQLITE):
        keep_sqlite(Path(uri.removeprefix(SQLITE)))
    elif uri.startswith("postgres"):
        keep_postgres(SqlAlchemyStore._get_or_create_engine(uri))


def keep_sqlite(path: Path) -> None:
    before = None
    if path.exists() and path.stat().st_size > 0:
        try:
            refuse_cut_off(path)
            before = revision_of(path)
        except sqlite3.DatabaseError as error:
            # A lock by another program or an unwritable folder is no damage: MLflow reports it in its own words.
            if isinstance(error, sqlite3.OperationalError):
                raise
            refuse("SOEN_DATABASE_DAMAGED", f"{path} is no whole SQLite database: {error}.")
        if before == utils._get_latest_schema_revision():
            return
        refuse_newer(before, path)
    new = path.with_name(f"{path.name}.new")
    try:
        new.unlink(missing_ok=True)
        if path.exists():
            copy(path, new)
        make_tables(new)
    except (sqlalchemy.exc.SQLAlchemyError, sqlite3.Error) as error:
        new.unlink(missing_ok=True)
        reason = str(error).splitlines()[0]
        # The disk, permissions or a lock are the cause, and MLflow could not say more about it.
        if not path.exists() or any(words in reason for words in SURROUNDINGS):
            raise
        if is_used(path):
            refuse("SOEN_DATABASE_DAMAGED", f"{path} can not be migrated and is as it was: {reason}.")
        kept = set_aside(path, "unfinished")
        say(f"The start that began the database did not end; what it left is kept in {kept}.")
        make_tables(new)
    else:
        if before is not None:
            shutil.copymode(path, new)
            kept = set_aside(path, f"before-{before or 'migration'}")
            say(f"The database of an older MLflow was migrated; a copy from before is kept in {kept}.")
    os.replace(new, path)


def keep_postgres(engine: sqlalchemy.Engine) -> None:
    before = utils._get_schema_version(engine)
    if before is None or before == utils._get_latest_schema_revision():
        return
    refuse_newer(before, engine.url.database)
    if os.environ.get(MAY_MIGRATE) != "true":
        refuse("SOEN_DATABASE_OLDER", f"The database {engine.url.database} is of an older MLflow (revision {before}).")
    utils._initialize_tables(engine)
    say(f"The database of an older MLflow (revision {before}) was migrated.")


def refuse_cut_off(path: Path) -> None:
    """Refuses a truncated file, which SQLite would read until it needs a page from the missing end."""
    with path.open("rb") as file:
        header = file.read(100)
    page = int.from_bytes(header[16:18], "big")
    page_bytes = 65536 if page == 1 else page
    counted, valid_for, changes = (int.from_bytes(header[at : at + 4], "big") for at in (28, 92, 24))
    has_journal = any(path.with_name(path.name + end).exists() for end in ("-journal", "-wal"))
    if not has_journal and valid_for == changes and counted * page_bytes > path.stat().st_size:
        raise sqlite3.DatabaseError(f"it has {path.stat().st_size} of {counted * page_bytes} bytes")


def revision_of(path: Path) -> str:
    """The revision of a database's last migration; empty where it had none."""
    with closing(opened(path)) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
        if "alembic_version" not in tables:
            return ""
        row = database.execute("SELECT version_num FROM alembic_version").fetchone()
        return row[0] if row else ""


def refuse_newer(revision: str, name: object) -> None:
    scripts = ScriptDirectory.from_config(utils._get_alembic_config(""))
    if revision and revision not in {script.revision for script in scripts.walk_revisions()}:
        refuse("SOEN_DATABASE_NEWER", f"The database {name} is of a newer MLflow (revision {revision}).")


def is_used(path: Path) -> bool:
    """Whether anybody has logged to it: a first start only creates the default experiment."""
    with closing(opened(path)) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        queries = {
            "runs": "SELECT 1 FROM runs LIMIT 1",
            "registered_models": "SELECT 1 FROM registered_models LIMIT 1",
            "experiments": "SELECT 1 FROM experiments WHERE experiment_id <> 0 LIMIT 1",
        }
        return any(database.execute(query).fetchone() for table, query in queries.items() if table in tables)


def copy(path: Path, to: Path) -> None:
    with closing(opened(path)) as source, closing(sqlite3.connect(to)) as target:
        # A write-ahead log left beside the file would be taken for that of the file which replaces it.
        source.execute("PRAGMA journal_mode = DELETE")
        source.backup(target)


def make_tables(path: Path) -> None:
    engine = sqlalchemy.create_engine(f"{SQLITE}{path}")
    try:
        utils._initialize_tables(engine)
    finally:
        engine.dispose()


def opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True)


def set_aside(path: Path, why: str) -> Path:
    """Keeps the file beside it, unchanged, under an unused name."""
    ends = itertools.chain([""], (f"-{n}" for n in itertools.count(2)))
    kept = next(name for end in ends if not (name := path.with_name(f"{path.name}.{why}{end}")).exists())
    try:
        os.link(path, kept)
    except OSError:
        # Not every file system supports hard links.
        shutil.copy2(path, kept)
    return kept


def create_default_experiment_by_a_free_name(store: SqlAlchemyStore, session: sqlalchemy.orm.Session) -> None:
    """
    Experiment 0 was deleted permanently, and another one has its name, perhaps in the trash: MLflow's own insert would
    fail at this start and all later ones. Nothing existing is changed.
    """
    usual = Experiment.DEFAULT_EXPERIMENT_NAME
    taken = {name for (name,) in session.query(SqlExperiment.name)}
    names = itertools.chain([usual, f"{usual} (0)"], (f"{usual} (0) {n}" for n in itertools.count(2)))
    Experiment.DEFAULT_EXPERIMENT_NAME = next(name for name in names if name not in taken)
    try:
        create_default_experiment(store, session)
    finally:
        Experiment.DEFAULT_EXPERIMENT_NAME = usual


def say(note: str) -> None:
    print(f"soen: {note}", file=sys.stderr, flush=True)


def refuse(code: str, message: str) -> None:
    print(f"{code}: {message}", file=sys.stderr, flush=True)
    sys.exit(1)
