"""
A streaming source called `kinesis`, as Databricks Runtime has one and Spark itself has none: it reads the Kinesis of this computer
with the options and columns of the original, so that a notebook runs unchanged.

A batch reads each shard from behind one sequence number up to another. Kinesis tells no shard's last number, so that the driver
reads ahead to find it; what it found is what the tasks then read.
"""

import base64
import datetime
import json
import os
import urllib.error
import urllib.request

from pyspark.sql.datasource import DataSource, DataSourceStreamReader, InputPartition
from pyspark.sql.types import BinaryType, StringType, StructField, StructType, TimestampType

ENDPOINT = "PIPELINE_KINESIS_ENDPOINT"
# Records of one call, the most that Kinesis gives.
MOST_RECORDS = 10_000
# Records of one shard in one batch: what a task holds at once.
MOST_OF_BATCH = 100_000
# Before the first record.
NOTHING = ""
LATEST = "LATEST"


class KinesisError(Exception):
    pass


class Client:
    def __init__(self, endpoint):
        self.endpoint = endpoint

    def call(self, action, **given):
        request = urllib.request.Request(
            self.endpoint,
            data=json.dumps(given).encode(),
            headers={
                "Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": f"Kinesis_20131202.{action}",
                # Nobody checks it here; without one nobody answers.
                "Authorization": "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0",
                "X-Amz-Date": "20260101T000000Z",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            said = json.loads(refused.read() or b"{}")
            raise KinesisError(f"{said.get('__type', refused.code)}: {said.get('message', '')}") from None

    def shards(self, stream):
        found, more = [], {"StreamName": stream}
        while True:
            page = self.call("ListShards", **more)
            found += [shard["ShardId"] for shard in page["Shards"]]
            if not page.get("NextToken"):
                return found
            more = {"NextToken": page["NextToken"]}

    def iterator(self, stream, shard, after):
        kind = {NOTHING: {"ShardIteratorType": "TRIM_HORIZON"}, LATEST: {"ShardIteratorType": "LATEST"}}.get(
            after, {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": after}
        )
        return self.call("GetShardIterator", StreamName=stream, ShardId=shard, **kind)["ShardIterator"]

    def pages(self, stream, shard, after):
        """Pages of records behind `after`, to the end of what is there now."""
        at = self.iterator(stream, shard, after)
        while at:
            page = self.call("GetRecords", ShardIterator=at, Limit=MOST_RECORDS)
            if page["Records"]:
                yield page["Records"]
            # A page may be empty though more is behind it.
            if page["MillisBehindLatest"] == 0:
                return
            at = page.get("NextShardIterator")


class Part(InputPartition):
    def __init__(self, shard, after, last):
        self.shard = shard
        self.after = after
        self.last = last


class KinesisReader(DataSourceStreamReader):
    def __init__(self, endpoint, stream, position):
        self.endpoint = endpoint
        self.stream = stream
        self.position = position

    def initialOffset(self):
        # "latest" begins behind what is there when the query begins, and then needs a number like any other.
        shards = Client(self.endpoint).shards(self.stream)
        return {shard: self._last(shard, NOTHING) if self.position == LATEST else NOTHING for shard in shards}

    def latestOffset(self, start, limit):
        shards = Client(self.endpoint).shards(self.stream)
        # Shards that were made since begin at their beginning; those that are gone keep their last number.
        return {**start, **{shard: self._last(shard, start.get(shard, NOTHING)) for shard in shards}}

    def _last(self, shard, after):
        last, seen = after, 0
        for records in Client(self.endpoint).pages(self.stream, shard, after):
            last, seen = records[-1]["SequenceNumber"], seen + len(records)
            if seen >= MOST_OF_BATCH:
                break
        return last

    def partitions(self, start, end):
        return [Part(shard, start.get(shard, NOTHING), last) for shard, last in end.items() if last != start.get(shard, NOTHING)]

    def read(self, part):
        for records in Client(self.endpoint).pages(self.stream, part.shard, part.after):
            for record in records:
                yield (
                    record["PartitionKey"],
                    base64.b64decode(record["Data"]),
                    self.stream,
                    part.shard,
                    record["SequenceNumber"],
                    datetime.datetime.fromtimestamp(record["ApproximateArrivalTimestamp"], datetime.timezone.utc),
                )
                if record["SequenceNumber"] == part.last:
                    return


class KinesisSource(DataSource):
    @classmethod
    def name(cls):
        return "kinesis"

    def schema(self):
        return StructType(
            [
                StructField("partitionKey", StringType()),
                StructField("data", BinaryType()),
                StructField("stream", StringType()),
                StructField("shardId", StringType()),
                StructField("sequenceNumber", StringType()),
                StructField("approximateArrivalTimestamp", TimestampType()),
            ]
        )

    def streamReader(self, schema):
        # The names of options come in small letters or as they were written, by the version of Spark.
        options = {name.lower(): value for name, value in self.options.items()}
        stream = options.get("streamname")
        if not stream:
            raise KinesisError("streamName is missing: name the stream.")
        position = options.get("initialposition", "latest").lower()
        if position not in ("latest", "earliest", "trim_horizon"):
            raise KinesisError(f"initialPosition is none of latest, earliest and trim_horizon: {position}")
        endpoint = os.environ.get(ENDPOINT)
        if not endpoint:
            raise KinesisError("The Kinesis of this computer does not run: start the local stack.")
        return KinesisReader(endpoint, stream, LATEST if position == "latest" else NOTHING)
