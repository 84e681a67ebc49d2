"""Spark on this computer, with what Databricks brings by itself: Delta, and a source called `kinesis`."""

import os
import sys
from pathlib import Path

from pyspark.sql import SparkSession

DELTA = "io.delta:delta-spark_4.2_2.13:4.4.0"
# All that is not Delta's own: Spark has it already, newer (150 MB, and a second of each start), but for Unity Catalog's client,
# which a computer without a catalog does not load.
SPARK_HAS = "org.*:*,com.*:*,commons-*:*,javax.*:*,io.airlift:*,io.unitycatalog:*"


def open_session(folder, ivy, delta):
    """`folder` keeps the tables; `ivy` the jars, fetched the first time where `delta` is wanted."""
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    # Spark's own Python processes find the source of streams beside this file.
    os.environ["PYTHONPATH"] = str(Path(__file__).parent)
    warehouse = Path(folder) / "tables"
    warehouse.mkdir(parents=True, exist_ok=True)
    settings = {
        "spark.master": "local[*]",
        "spark.app.name": "Pipeline Control",
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        # A learner's lake: more would be spent on starting tasks.
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": warehouse.as_uri(),
        "spark.local.dir": str(Path(folder) / "scratch"),
    }
    if delta:
        settings |= {
            "spark.jars.ivy": ivy,
            "spark.jars.packages": DELTA,
            "spark.jars.excludes": SPARK_HAS,
            "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
            "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
            "spark.databricks.delta.snapshotPartitions": "2",
        }
    builder = SparkSession.builder
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    if delta:
        from kinesis import KinesisSource

        spark.dataSource.register(KinesisSource)
        # The catalog is a session's; the tables of earlier ones lie where they were.
        for log in warehouse.glob("*/_delta_log"):
            table = log.parent
            spark.sql(f"CREATE TABLE IF NOT EXISTS default.`{table.name}` USING delta LOCATION '{table.as_uri()}'")
    return spark
