# Databricks notebook source
# MAGIC %md
# MAGIC # Where the lake is
# MAGIC
# MAGIC The pipeline writes each topic as JSON files, one record a line:
# MAGIC `topics/<topic>/partition=<n>/<topic>+<n>+<offset>.json`. This notebook only says **where** that folder is. It is run by the
# MAGIC others (`%run ./setup`), and can be run again at any time.
# MAGIC
# MAGIC | `lake` | what it is | needs |
# MAGIC |---|---|---|
# MAGIC | `/home/…/lake/topics`, `file:/…` | a folder of this computer | nothing |
# MAGIC | `/Volumes/<catalog>/<schema>/<volume>/topics` | a Unity Catalog volume | `READ VOLUME` |
# MAGIC | `s3://<bucket>/topics` | a bucket that Unity Catalog knows as an external location | `READ FILES` |
# MAGIC | `s3a://<bucket>/topics` | a bucket, by keys of AWS | a secret scope (below) |
# MAGIC | `/mnt/<name>/topics` | the classic mount of the original pipeline | a secret scope, and a cluster without Unity Catalog |

# COMMAND ----------

# By itself it has widgets of its own; the notebook that runs it has read them already (`given`).
if "given" in globals():
    settings = given
else:
    dbutils.widgets.text("user_id", "learner", "The id that the topics' names begin with")
    dbutils.widgets.text("lake", "", "Where the topics lie")
    dbutils.widgets.text("secret_scope", "", "For s3a and mounts: the scope of the AWS keys")
    dbutils.widgets.text("mount_bucket", "", "For a mount: the bucket behind it")
    for kind in ["pin", "geo", "user"]:
        dbutils.widgets.text(f"{kind}_topic", "", f"The topic of {kind}, where it is not <user_id>.{kind}")
    names = ["user_id", "lake", "secret_scope", "mount_bucket", "pin_topic", "geo_topic", "user_topic"]
    settings = {name: dbutils.widgets.get(name) for name in names}

user_id = settings["user_id"].strip()
lake = settings["lake"].strip().rstrip("/")
secret_scope = settings["secret_scope"].strip()
mount_bucket = settings["mount_bucket"].strip()

if not user_id:
    raise ValueError("user_id is empty: enter the id that the topics' names begin with, such as 0a1b2c3d4e5f.")

# COMMAND ----------

# MAGIC %md
# MAGIC ## Keys of AWS
# MAGIC
# MAGIC They are read from a secret scope (`access_key_id`, `secret_access_key`) and **never stand in a notebook**: whoever can read a
# MAGIC notebook could read them. A volume or an external location needs none at all, which is why those are better.


# COMMAND ----------

from urllib.parse import quote


def secret_of(name):
    """One value of the secret scope."""
    if not secret_scope:
        raise ValueError(f"{lake} is read by keys of AWS: name the scope that holds them in secret_scope.")
    return dbutils.secrets.get(scope=secret_scope, key=name)


def use_keys():
    """Tells Spark's own S3 client the keys. Serverless has none: use a volume or an external location there."""
    spark.conf.set("fs.s3a.access.key", secret_of("access_key_id"))
    spark.conf.set("fs.s3a.secret.key", secret_of("secret_access_key"))


def use_mount():
    """Mounts the bucket once: a second mount at the same place is an error (F-58), so it is looked for first."""
    place = "/".join(lake.split("/")[:3])
    if any(mount.mountPoint == place for mount in dbutils.fs.mounts()):
        return
    if not mount_bucket:
        raise ValueError(f"Nothing is mounted at {place}: name the bucket in mount_bucket.")
    # A key may hold a slash, which would end the address there (F-59).
    keys = f"{secret_of('access_key_id')}:{quote(secret_of('secret_access_key'), safe='')}"
    dbutils.fs.mount(f"s3a://{keys}@{mount_bucket}", place)


if lake.startswith("s3a://"):
    use_keys()
elif lake.startswith("/mnt/"):
    use_mount()

# COMMAND ----------

# MAGIC %md
# MAGIC ## Reading a topic
# MAGIC
# MAGIC **All** partitions are read, not only `partition=0`: a topic with three partitions has two thirds of its records elsewhere. The
# MAGIC columns are named beforehand (see `clean`), so that a topic whose first lines are odd is read like any other. Lines that are no
# MAGIC record of ours come out empty, and are left out by the cleaning.


# COMMAND ----------


def read_topic(kind, schema):
    """All records of the topic of `kind`: `pin`, `geo` or `user`."""
    if not lake:
        raise ValueError("lake is empty: say where the topics lie, such as /Volumes/main/default/lake/topics.")
    topic = f"{lake}/{settings.get(f'{kind}_topic') or f'{user_id}.{kind}'}"
    # Without a sub-folder's name as a column: a partition of Kafka says nothing about the record.
    return spark.read.schema(schema).option("recursiveFileLookup", "true").json(topic)
