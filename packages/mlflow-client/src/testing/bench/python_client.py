"""Logs metrics by MLflow's own client and prints how fast: the peer of the benchmark."""

import json
import statistics
import sys
import time

import mlflow

uri, mode, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
mlflow.set_tracking_uri(uri)
mlflow.set_experiment("bench python")
calls = []
with mlflow.start_run():
    start = time.perf_counter()
    for step in range(count):
        before = time.perf_counter()
        mlflow.log_metric("loss", 1 / (step + 1), step=step, synchronous=mode == "sync")
        calls.append(time.perf_counter() - before)
    mlflow.flush_async_logging()
    seconds = time.perf_counter() - start
print(json.dumps({"perSecond": count / seconds, "callMicros": statistics.median(calls) * 1e6}))
