# Databricks notebook source
dbutils.widgets.text("user_id", "129-a")
table = f"{dbutils.widgets.get('user_id')}_pin_table"
spark.range(5).createOrReplaceTempView(f"`{table}`")

# COMMAND ----------

spark.sql(f"SELECT COUNT(*) FROM {table}").show()
