"""Prints, by the unmodified MLflow client, all there is of a tracking store, or of one experiment, as JSON."""

import json
import sys

from mlflow import MlflowClient
from mlflow.entities import ViewType

client = MlflowClient(sys.argv[1])
runs = {}
for experiment in client.search_experiments(view_type=ViewType.ALL):
    if len(sys.argv) > 2 and experiment.name != sys.argv[2]:
        continue
    for run in client.search_runs([experiment.experiment_id], run_view_type=ViewType.ALL, max_results=1000):
        runs[run.info.run_id] = {
            "experiment": experiment.name,
            # Before MLflow 2 a run need not have a name.
            "name": run.info.run_name or "",
            "status": run.info.status,
            "lifecycle": run.info.lifecycle_stage,
            "times": [run.info.start_time, run.info.end_time],
            "params": run.data.params,
            "tags": run.data.tags,
            "metrics": {
                key: sorted(
                    [point.step, point.timestamp, repr(point.value)]
                    for point in client.get_metric_history(run.info.run_id, key)
                )
                for key in run.data.metrics
            },
            "latest": {key: repr(value) for key, value in run.data.metrics.items()},
            "inputs": [
                {
                    "name": given.dataset.name,
                    "digest": given.dataset.digest,
                    "source": given.dataset.source,
                    "tags": {tag.key: tag.value for tag in given.tags},
                }
                for given in sorted(run.inputs.dataset_inputs, key=lambda each: each.dataset.name)
            ],
        }
print(json.dumps(runs))
