"""Uploads a file by boto3 and prints how long it took: the peer of the benchmark."""

import sys
import time

import boto3

endpoint, bucket, file = sys.argv[1:]
client = boto3.client("s3", endpoint_url=endpoint)
start = time.perf_counter()
client.upload_file(file, bucket, "peer")
print(time.perf_counter() - start)
