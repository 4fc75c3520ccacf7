"""Writes, by the unmodified MLflow client of any version, a file store of all that may be peculiar in one."""

import sys

import mlflow
from mlflow.tracking import MlflowClient

uri = sys.argv[1]
mlflow.set_tracking_uri(uri)
client = MlflowClient(uri)

NAMES = ["fit", "null", "true", "1e3", "12", "~", "2020-01-01", "yes", "a: b", " lead", "#no", "'quoted'", "läufer 🏃", "tab\tx"]

for name in NAMES:
    # What looks for an experiment of that name cannot quote it.
    experiment = client.create_experiment(name.replace("'", "’"), tags={"team": name})
    mlflow.set_experiment(experiment_id=experiment)
    with mlflow.start_run(run_name=name) as run:
        mlflow.log_params({"lr": 0.1, "nested/p": "line\nbreak", "empty": "", "none": None})
        mlflow.set_tag("note", "# Über\n\n`code`\n")
        for step in (3, -1, 0, 7):
            mlflow.log_metrics({"loss": step / 3, "val/loss": 1e-7 * step, "a b.c-d": float(step)}, step=step)
        for value in (float("nan"), float("inf"), float("-inf"), 1e308, 5e-324):
            mlflow.log_metric("odd", value, step=1)
        mlflow.log_text("hello", "notes/a.txt")
        with mlflow.start_run(run_name=f"child of {name}", nested=True):
            mlflow.log_metric("loss", 0.5)

experiment = client.create_experiment("with all states")
for status in ("FINISHED", "FAILED", "KILLED", "SCHEDULED"):
    run = client.create_run(experiment, tags={"mlflow.runName": status})
    client.set_terminated(run.info.run_id, status)
client.create_run(experiment)
deleted = client.create_run(experiment, tags={"mlflow.runName": "deleted"})
client.delete_run(deleted.info.run_id)
restored = client.create_run(experiment, tags={"mlflow.runName": "restored"})
client.delete_run(restored.info.run_id)
client.restore_run(restored.info.run_id)
gone = client.create_experiment("deleted")
client.create_run(gone, tags={"mlflow.runName": "of a deleted experiment"})
client.delete_experiment(gone)
