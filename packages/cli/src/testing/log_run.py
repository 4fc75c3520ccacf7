"""Logs a run by the unmodified MLflow client, configured by its environment alone; prints its id as JSON."""

import json
import os

import mlflow

os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "1"
mlflow.set_experiment("from Python")
with mlflow.start_run(run_name="plain client") as run:
    mlflow.log_param("lr", 0.01)
    for step, loss in enumerate([1.0, 0.5]):
        mlflow.log_metric("loss", loss, step=step)
    mlflow.log_text("from Python", "notes/a b.txt")
print(json.dumps({"run_id": run.info.run_id}))
