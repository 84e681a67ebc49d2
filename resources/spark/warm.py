# Databricks notebook source
# MAGIC %md
# MAGIC A little of all that the pipeline's notebooks do. It is run once, and what Java has loaded by its end is kept, so that Spark
# MAGIC starts sooner from then on.

# COMMAND ----------

import json
import tempfile
from pathlib import Path

from pyspark.sql import functions as F

# COMMAND ----------

scratch = tempfile.TemporaryDirectory()
place = Path(scratch.name) / "partition=0"
place.mkdir()
rows = [{"index": at, "category": "art", "count": f"{at}k", "date": "2018-01-01 10:00:00"} for at in range(8)]
(place / "rows.json").write_text("".join(json.dumps(row) + "\n" for row in rows))

posts = (
    spark.read.schema("index INT, category STRING, count STRING, date STRING")
    .json(str(place.parent))
    .withColumn("count", F.regexp_replace("count", "k$", "000").cast("int"))
    .withColumn("date", F.to_timestamp("date"))
    .dropDuplicates(["index"])
)
posts.createOrReplaceTempView("posts")
display(posts)

# COMMAND ----------

# MAGIC %sql
# MAGIC SELECT * FROM (
# MAGIC   SELECT category, year(date) AS year, count(*) AS posts, percentile(count, 0.5) AS median,
# MAGIC     rank() OVER (PARTITION BY year(date) ORDER BY count(*) DESC) AS place
# MAGIC   FROM posts JOIN (SELECT index FROM posts) USING (index) GROUP BY category, year(date)
# MAGIC ) WHERE place = 1 ORDER BY year
