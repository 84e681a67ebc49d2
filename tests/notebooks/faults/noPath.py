# Databricks notebook source
# MAGIC %run ../../../notebooks/setup

# COMMAND ----------

# Partition 0 alone, as most notebooks of the original pipeline read it; all records are in another one.
spark.read.json(f"{lake}/{user_id}.pin/partition=0/*.json").count()
