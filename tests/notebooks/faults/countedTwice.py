# Databricks notebook source
given = {}
for name in ["user_id", "lake", "secret_scope", "mount_bucket"]:
    dbutils.widgets.text(name, "")
    given[name] = dbutils.widgets.get(name)

# COMMAND ----------

# MAGIC %run ../../../notebooks/setup

# COMMAND ----------

# MAGIC %run ../../../notebooks/clean

# COMMAND ----------

posts = clean_pin(read_topic("pin", pin_schema))
display(posts.groupBy("category").count().orderBy("category"))
check_once(posts=posts)
