# Databricks notebook source
given = {}
for name in ["user_id", "lake", "secret_scope", "access_key_id", "secret_access_key", "mount_bucket"]:
    dbutils.widgets.text(name, "")
    given[name] = dbutils.widgets.get(name)

# COMMAND ----------

# MAGIC %run ../mounts

# COMMAND ----------

# MAGIC %run ../../../notebooks/setup

# COMMAND ----------

# MAGIC %run ../../../notebooks/clean

# COMMAND ----------

print("rows:", read_topic("pin", pin_schema).count())
