# Databricks notebook source
given = {}
for name in ["user_id", "lake", "secret_scope", "mount_bucket"]:
    dbutils.widgets.text(name, "")
    given[name] = dbutils.widgets.get(name)

# COMMAND ----------

# MAGIC %run ../../../notebooks/setup

# COMMAND ----------

# Partition 0 alone, as most notebooks of the original pipeline read it; all records are in another one.
spark.read.json(f"{lake}/{user_id}.pin/partition=0/*.json").count()
