# Databricks notebook source
from pyspark.sql.types import StructField, StructType

# COMMAND ----------

# By hand it works after a cell of another notebook imported it; a job has a fresh session.
StructType([StructField("ind", IntegerType())])
