"""A training that notes each step in a file as soon as its metric was answered: `acknowledged_steps.py FILE`."""

import sys

import mlflow

with open(sys.argv[1], "a") as file, mlflow.start_run():
    for step in range(100_000):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
        file.write(f"{step}\n")
        file.flush()
