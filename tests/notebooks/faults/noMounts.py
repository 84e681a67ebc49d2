# Databricks notebook source
# MAGIC %run ../mounts

# COMMAND ----------

dbutils.fs = NoMounts()

# COMMAND ----------

# MAGIC %run ../../../notebooks/setup
