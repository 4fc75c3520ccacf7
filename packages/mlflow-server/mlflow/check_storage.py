"""Prints in JSON whether MLflow can reach its stores, before MLflow is started and retries for minutes.

Reads {"database": url | null, "bucket": name | null, "prefix": text, "endpoint": url | null} from stdin: a URL may have
a password.
"""

import json
import sys


def database_error(url):
    import psycopg2

    try:
        psycopg2.connect(url, connect_timeout=5).close()
    except psycopg2.Error as error:
        return str(error).strip()
    return None


def bucket_error(bucket, prefix, endpoint):
    import boto3
    import botocore.config
    import botocore.exceptions

    quick = botocore.config.Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 1})
    try:
        client = boto3.client("s3", endpoint_url=endpoint, config=quick)
        # The same request as MLflow's. Keys that may only list this folder may not query the whole bucket (HeadBucket).
        client.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1)
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError, ValueError) as error:
        return str(error).strip()
    return None


wanted = json.load(sys.stdin)
print(
    json.dumps(
        {
            "database": wanted["database"] and database_error(wanted["database"]),
            "bucket": wanted["bucket"] and bucket_error(wanted["bucket"], wanted["prefix"], wanted["endpoint"]),
        }
    )
)
