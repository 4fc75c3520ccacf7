"""A small training that logs by MLflow's own client, and writes to its terminal."""

import os
import sys

import mlflow

with mlflow.start_run():
    for step in range(3):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    print("\r 50%|##  |\r100%|####|", flush=True)
    print("on stderr", file=sys.stderr, flush=True)
    print("password:", os.environ.get("THE_PASSWORD", "not here"), flush=True)
if len(sys.argv) > 1:
    sys.exit(int(sys.argv[1]))
