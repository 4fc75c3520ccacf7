"""Sends a span with one tag of its trace to URL: `send_spans.py URL AUTHORIZATION EXPERIMENT TAG`; prints the status."""
import gzip
import sys
import time

import requests
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

url, authorization, experiment, tag = sys.argv[1:]
request = ExportTraceServiceRequest()
spans = request.resource_spans.add()
spans.resource.attributes.add(key="service.name").value.string_value = "soen"
span = spans.scope_spans.add().spans.add()
span.trace_id = bytes(range(16))
span.span_id = bytes(range(8))
span.name = "a call"
span.start_time_unix_nano = span.end_time_unix_nano = time.time_ns()
span.attributes.add(key=f"mlflow.traceTag.{tag}").value.string_value = "file:///etc"
answer = requests.post(
    f"{url}/v1/traces",
    data=gzip.compress(request.SerializeToString()),
    headers={
        "authorization": authorization,
        "content-type": "application/x-protobuf",
        "content-encoding": "gzip",
        "x-mlflow-experiment-id": experiment,
    },
)
print(answer.status_code, answer.text)
