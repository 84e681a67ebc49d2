# Databricks notebook source
# MAGIC %md
# MAGIC # The streams, as they come
# MAGIC
# MAGIC Reads the three Kinesis streams, cleans each record as `batch` does, and appends it to a Delta table of its own. What was read
# MAGIC is remembered in a checkpoint: started again, it goes on where it stood, and no record is missing or there twice.

# COMMAND ----------

# MAGIC %run ./clean

# COMMAND ----------

dbutils.widgets.text("user_id", "learner", "The id in the names of streams and tables")
for kind in ["pin", "geo", "user"]:
    dbutils.widgets.text(f"{kind}_stream", "", f"The stream of {kind}, where it is not streaming-<user_id>-{kind}")
dbutils.widgets.text("region", "us-east-1", "Region of the streams")
dbutils.widgets.text("service_credential", "", "Unity Catalog: the service credential that may read the streams")
dbutils.widgets.text("secret_scope", "", "Without one: the scope of the AWS keys")
dbutils.widgets.text("checkpoints", "", "A folder of this notebook's own, such as /Volumes/main/default/lake/checkpoints")
dbutils.widgets.text("schema", "default", "Where the tables are made: a schema, or catalog.schema")
dbutils.widgets.dropdown("run", "available now", ["available now", "continuously"], "How long it reads")

user_id = dbutils.widgets.get("user_id").strip()
region = dbutils.widgets.get("region").strip()
service_credential = dbutils.widgets.get("service_credential").strip()
secret_scope = dbutils.widgets.get("secret_scope").strip()
checkpoints = dbutils.widgets.get("checkpoints").strip().rstrip("/")
schema = dbutils.widgets.get("schema").strip()
continuously = dbutils.widgets.get("run") == "continuously"

if not checkpoints:
    raise ValueError("checkpoints is empty: name a folder, such as /Volumes/main/default/lake/checkpoints.")

# COMMAND ----------

# MAGIC %md
# MAGIC ## Who reads
# MAGIC
# MAGIC A service credential of Unity Catalog first. Else long-lived keys from a secret scope, as they are: a key in an address must be
# MAGIC URL-encoded, one that is given here must not (F-56). It needs `kinesis:ListShards`, `GetShardIterator` and `GetRecords`. Keys that end
# MAGIC after some hours would end the stream with them.

# COMMAND ----------


def access():
    """The options that say who reads."""
    if service_credential:
        return {"serviceCredential": service_credential}
    if secret_scope:
        key = dbutils.secrets.get(scope=secret_scope, key="access_key_id")
        if key.startswith("ASIA"):
            raise ValueError("These keys are temporary: use a service credential, or keys of a user.")
        return {
            "awsAccessKey": key,
            "awsSecretKey": dbutils.secrets.get(scope=secret_scope, key="secret_access_key"),
        }
    return {}


def read_stream(kind):
    """The stream of `kind` from its oldest record on; `data` is the record's bytes."""
    options = {
        "streamName": dbutils.widgets.get(f"{kind}_stream").strip() or f"streaming-{user_id}-{kind}",
        "initialPosition": "earliest",
        "region": region,
        **access(),
    }
    return spark.readStream.format("kinesis").options(**options).load()


def records(kind, record_schema):
    """The JSON of each record, in its columns."""
    text = F.col("data").cast("string")
    return read_stream(kind).select(F.from_json(text, record_schema).alias("record")).select("record.*")


# COMMAND ----------

# MAGIC %md
# MAGIC ## Three tables
# MAGIC
# MAGIC Each query has **its own** checkpoint: three that share one would each go on where another one stood (F-47). A stream that was
# MAGIC deleted and made again needs a new one (F-55). The names stand in backticks, since an id may have a dash (F-66).

# COMMAND ----------


def table_name(kind):
    """`default`.`0a1b_pin_table`"""
    return ".".join(f"`{part}`" for part in [*schema.split("."), f"{user_id}_{kind}_table"])


def into_table(kind, table):
    """Starts appending it to its table."""
    writer = (
        table.writeStream.format("delta")
        .outputMode("append")
        .queryName(f"{user_id}_{kind}")
        .option("checkpointLocation", f"{checkpoints}/{user_id}_{kind}")
    )
    if not continuously:
        writer = writer.trigger(availableNow=True)
    return writer.toTable(table_name(kind))


queries = [
    into_table("pin", clean_pin(records("pin", pin_schema))),
    into_table("geo", clean_geo(records("geo", geo_schema))),
    into_table("user", clean_user(records("user", user_schema))),
]

# COMMAND ----------

# MAGIC %md
# MAGIC ## Until they end
# MAGIC
# MAGIC What is there now is read to its end; `continuously` goes on until it is stopped. Serverless and Unity Catalog's standard clusters
# MAGIC take `available now` only.

# COMMAND ----------

for query in queries:
    query.awaitTermination()

for kind in ["pin", "geo", "user"]:
    rows = spark.table(table_name(kind)).count()
    print(f"{user_id}_{kind}_table: {rows} rows")
