"""Logs one value at a time by the unmodified client for a while; prints when it has begun, and the run at the end."""

import sys
import time

import mlflow

mlflow.set_experiment("through a restart")
with mlflow.start_run() as run:
    for step in range(int(sys.argv[1])):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
        if step == 5:
            print("begun", flush=True)
        time.sleep(0.1)
history = mlflow.MlflowClient().get_metric_history(run.info.run_id, "loss")
print(len(history), len({point.step for point in history}), flush=True)
