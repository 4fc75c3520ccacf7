"""Reads single values as protobuf's JSON parser does: lines of [kind, JSON text] in, for each whether it was read."""

import json
import sys

from google.protobuf import duration_pb2, field_mask_pb2, struct_pb2, timestamp_pb2, wrappers_pb2
from google.protobuf.json_format import ParseDict
from mlflow.protos.service_pb2 import TraceInfoV3

messages = {
    "bool": wrappers_pb2.BoolValue,
    "bytes": wrappers_pb2.BytesValue,
    "double": wrappers_pb2.DoubleValue,
    "duration": duration_pb2.Duration,
    "field-mask": field_mask_pb2.FieldMask,
    "float": wrappers_pb2.FloatValue,
    "int32": wrappers_pb2.Int32Value,
    "int64": wrappers_pb2.Int64Value,
    "string": wrappers_pb2.StringValue,
    "timestamp": timestamp_pb2.Timestamp,
    "uint32": wrappers_pb2.UInt32Value,
    "uint64": wrappers_pb2.UInt64Value,
    "value": struct_pb2.Value,
}


def read(kind, text):
    value = json.loads(text)
    if kind == "map":
        ParseDict({"tags": value}, TraceInfoV3())
    else:
        ParseDict(value, messages[kind]())


for line in sys.stdin:
    try:
        read(*json.loads(line))
        print("true")
    except Exception:
        print("false")
