# Databricks notebook source
# MAGIC %md
# MAGIC Several notebooks on one Spark, each with widgets, views and settings of its own; what each tells begins with its cells.

# COMMAND ----------

import json

import __main__ as runner

dbutils.widgets.text("notebooks", "[]")
for asked in json.loads(dbutils.widgets.get("notebooks")):
    runner.Run(asked["file"], asked["widgets"], spark.newSession()).whole()
