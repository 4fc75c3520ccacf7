"""Prints the ids of the uploads that a bucket has begun and not finished, as JSON."""

import json
import sys

import boto3

endpoint_url, bucket = sys.argv[1:]
answer = boto3.client("s3", endpoint_url=endpoint_url).list_multipart_uploads(Bucket=bucket)
print(json.dumps([upload["UploadId"] for upload in answer.get("Uploads", [])]))
