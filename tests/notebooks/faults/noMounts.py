# Databricks notebook source
given = {}
for name in ["user_id", "lake", "secret_scope", "mount_bucket"]:
    dbutils.widgets.text(name, "")
    given[name] = dbutils.widgets.get(name)

# COMMAND ----------

# MAGIC %run ../mounts

# COMMAND ----------

dbutils.fs = NoMounts()

# COMMAND ----------

# MAGIC %run ../../../notebooks/setup
