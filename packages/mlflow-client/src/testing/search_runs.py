"""Prints, for each search of a JSON file, which runs the unmodified MLflow finds in a store, or null where it refuses."""

import json
import sys

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

uri, searches = sys.argv[1:]
client = MlflowClient(uri)
experiments = [each.experiment_id for each in client.search_experiments()]


def names(search):
    try:
        runs = client.search_runs(experiments, search["filter"], order_by=search["orderBy"], max_results=1000)
    except MlflowException:
        return None
    return [run.info.run_name for run in runs]


with open(searches) as file:
    print(json.dumps([names(search) for search in json.load(file)]))
