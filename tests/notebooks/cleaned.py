# Databricks notebook source
given = {}
for name in ["user_id", "lake", "secret_scope", "mount_bucket"]:
    dbutils.widgets.text(name, "")
    given[name] = dbutils.widgets.get(name)

# COMMAND ----------

# MAGIC %run ../../notebooks/setup

# COMMAND ----------

# MAGIC %run ../../notebooks/clean

# COMMAND ----------

display(clean_pin(read_topic("pin", pin_schema)).orderBy("ind"))
display(clean_geo(read_topic("geo", geo_schema)).orderBy("ind"))
display(clean_user(read_topic("user", user_schema)).orderBy("ind"))
