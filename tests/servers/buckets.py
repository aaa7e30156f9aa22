"""An S3 store on this machine with a bucket and a key that may only read it."""

import contextlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import requests
from moto.server import ThreadedMotoServer

BUCKET = "exports"
MAY_READ = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": "*"}
    ],
}
MAY_DO_ALL = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


@dataclass(frozen=True)
class Store:
    """A running store.

    Attributes:
        url: its address.
        access_key: of the user who may only read.
        secret_key: likewise.
        admin: a client of the user who may do anything.
    """

    url: str
    access_key: str
    secret_key: str
    admin: Any

    def put(self, key: str, content: bytes) -> None:
        """Put a file into the bucket."""
        self.admin.put_object(Bucket=BUCKET, Key=key, Body=content)

    def clear(self) -> None:
        """Delete everything in the bucket."""
        for found in self.admin.list_objects_v2(Bucket=BUCKET).get("Contents", ()):
            self.admin.delete_object(Bucket=BUCKET, Key=found["Key"])


@contextlib.contextmanager
def s3() -> Iterator[Store]:
    """Run a store that checks who asks."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    try:
        reader, admin = _user(url, "reader", MAY_READ), _user(url, "admin", MAY_DO_ALL)
        requests.post(f"{url}/moto-api/reset-auth", data=b"0", timeout=10).raise_for_status()
        store = Store(url, *reader, _client("s3", url, *admin))
        store.admin.create_bucket(Bucket=BUCKET)
        yield store
    finally:
        server.stop()


def _user(url: str, name: str, policy: dict[str, Any]) -> tuple[str, str]:
    iam = _client("iam", url, "testing", "testing")
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName=name, PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]


def _client(service: str, url: str, access_key: str, secret_key: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
    )
