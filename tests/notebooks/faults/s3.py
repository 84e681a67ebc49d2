# Databricks notebook source
# MAGIC %run ../mounts

# COMMAND ----------

# MAGIC %run ../../../notebooks/setup

# COMMAND ----------

# MAGIC %run ../../../notebooks/clean

# COMMAND ----------

print("rows:", read_topic("pin", pin_schema).count())
