# Databricks notebook source
# MAGIC %run ../mounts

# COMMAND ----------

# The secret as it is: what begins at its slash is no bucket.
secret = dbutils.secrets.get("aws", "secret_access_key")
dbutils.fs.mount(f"s3a://AKIAEXAMPLE:{secret}@user-learner-bucket", "/mnt/project")
