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

# Three rules that do nothing, each as it is found in notebooks of the original pipeline.
posts = read_topic("pin", pin_schema)
# A comparison with NULL is never true.
posts = posts.withColumn("title", F.when(F.col("title") == None, F.lit(None)).otherwise(F.col("title")))
# Whole values are replaced: this is only the beginning of one.
posts = posts.replace({"No description available": None}, subset=["description"])
# The dot at its end is missing.
posts = posts.replace({"Image src error": None}, subset=["image_src"])

# COMMAND ----------

check_cleaned(posts)
