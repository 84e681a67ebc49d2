# Databricks notebook source
# MAGIC %md
# MAGIC The same as the notebooks beside it, as our own notebooks do it: nothing of it fails.

# COMMAND ----------

given = {}
for name in ["user_id", "lake", "secret_scope", "mount_bucket"]:
    dbutils.widgets.text(name, "")
    given[name] = dbutils.widgets.get(name)

# COMMAND ----------

# MAGIC %run ../mounts

# COMMAND ----------

# MAGIC %md
# MAGIC F-58, F-59: mounted once, however often it is run; the secret is encoded, whatever is in it.

# COMMAND ----------

# MAGIC %run ../../../notebooks/setup

# COMMAND ----------

# MAGIC %run ../../../notebooks/setup

# COMMAND ----------

print(f"mounts tried: {dbutils.fs.tried}, mounted: {[each.source for each in dbutils.fs.mounts()]}")

# COMMAND ----------

# MAGIC %md
# MAGIC F-60, F-61: all partitions of a folder, and no mount is asked for where there is none.

# COMMAND ----------

dbutils.widgets.text("folder", "")
lake = dbutils.widgets.get("folder")
dbutils.fs = NoMounts()

# COMMAND ----------

# MAGIC %run ../../../notebooks/clean

# COMMAND ----------

posts = clean_pin(read_topic("pin", pin_schema)).dropDuplicates()
print(f"mounts tried: {dbutils.fs.tried}")

# COMMAND ----------

# MAGIC %md
# MAGIC F-63, F-65.

# COMMAND ----------

check_cleaned(posts)
check_once(posts=posts)
display(posts.groupBy("category").count().orderBy("category"))
display(posts.orderBy("ind"))

# COMMAND ----------

# MAGIC %md
# MAGIC F-64, F-66.

# COMMAND ----------

table = "129-a_pin_table"
posts.createOrReplaceTempView(f"`{table}`")
display(spark.sql(f"SELECT percentile(ind, 0.5) AS median, COUNT(*) AS rows FROM `{table}`"))
