"""Makes the database that an older MLflow leaves: its tables up to one migration. Usage: old_database.py URL REVISION"""

import sys

import sqlalchemy
from alembic import command
from mlflow.store.db import utils
from mlflow.store.tracking.dbmodels.initial_models import Base

url, revision = sys.argv[1:]
engine = sqlalchemy.create_engine(url)
Base.metadata.create_all(engine)
config = utils._get_alembic_config(url)
with engine.begin() as connection:
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
