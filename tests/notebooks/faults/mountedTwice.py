# Databricks notebook source
# MAGIC %run ../mounts

# COMMAND ----------

# As the notebook of the original pipeline does it: without looking whether it is there.
for run in ["the first", "the second"]:
    dbutils.fs.mount("s3a://AKIAEXAMPLE:ab%2Fcd%2Bef%25gh@user-learner-bucket", "/mnt/project")
