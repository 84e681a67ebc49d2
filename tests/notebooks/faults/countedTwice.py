# Databricks notebook source
# MAGIC %run ../../../notebooks/setup

# COMMAND ----------

# MAGIC %run ../../../notebooks/clean

# COMMAND ----------

posts = clean_pin(read_topic("pin", pin_schema))
display(posts.groupBy("category").count().orderBy("category"))
check_once("posts", posts)
