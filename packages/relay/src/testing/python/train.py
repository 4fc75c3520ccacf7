"""A training that uses most of what MLflow's own client offers, without knowing of any relay.

Says in JSON what it read back on its way. `train.py EXPERIMENT`; waits for a line of stdin at each pause.
"""

import json
import os
import sys
import tempfile
import warnings

warnings.simplefilter("ignore")

import mlflow  # noqa: E402
from mlflow import MlflowClient  # noqa: E402


def pause(what):
    print(json.dumps({"pause": what}), flush=True)
    sys.stdin.readline()


experiment = mlflow.set_experiment(sys.argv[1])
pause("begin")
seen = {}
with mlflow.start_run(run_name="outer", description="# What it is", tags={"team": "soen"}) as outer:
    mlflow.log_params({"lr": 0.001, "model/depth": 4, "name": "Größe 损失"})
    for step in range(20):
        mlflow.log_metric("val/loss", 1 / (step + 1), step=step)
    mlflow.log_metrics({"acc": 0.5, "nan": float("nan"), "inf": float("inf")}, step=7)
    mlflow.set_tag("kept", "1")
    mlflow.set_tag("gone", "1")
    mlflow.delete_tag("gone")
    mlflow.set_tag("gone and back", "1")
    mlflow.delete_tag("gone and back")
    mlflow.set_tag("gone and back", "2")
    pause("middle")
    mlflow.log_text("a note\n", "notes/a b.md")
    mlflow.log_dict({"a": [1, 2]}, "config.json")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "weights.bin")
        with open(path, "wb") as file:
            file.write(bytes(range(256)) * 4096)
        mlflow.log_artifact(path, "checkpoints")
    with mlflow.start_run(run_name="inner", nested=True) as inner:
        mlflow.log_metric("fold", 1.5)
    try:
        mlflow.log_param("lr", 2)
        seen["changed param"] = "taken"
    except mlflow.exceptions.MlflowException as error:
        seen["changed param"] = error.error_code
    try:
        mlflow.log_metric("no?good", 1)
        seen["bad name"] = "taken"
    except mlflow.exceptions.MlflowException as error:
        seen["bad name"] = error.error_code
    run = mlflow.get_run(outer.info.run_id)
    seen["params"] = run.data.params
    seen["loss"] = run.data.metrics["val/loss"]
    seen["tags"] = {key: value for key, value in run.data.tags.items() if not key.startswith(("mlflow.", "soen."))}
    client = MlflowClient()
    seen["history"] = len(client.get_metric_history(outer.info.run_id, "val/loss"))
    seen["found"] = sorted(
        run.info.run_name for run in client.search_runs([experiment.experiment_id])
    )
    seen["files"] = sorted(file.path for file in client.list_artifacts(outer.info.run_id))
    seen["parent"] = mlflow.get_run(inner.info.run_id).data.tags["mlflow.parentRunId"] == outer.info.run_id
    with tempfile.TemporaryDirectory() as folder:
        path = client.download_artifacts(outer.info.run_id, "notes/a b.md", folder)
        with open(path) as file:
            seen["note"] = file.read()
    pause("end")
mlflow.log_metric  # the run has ended
client.log_metric(outer.info.run_id, "late", 9, step=1)
print(json.dumps({"seen": seen}), flush=True)
