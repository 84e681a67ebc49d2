# Databricks notebook source
# MAGIC %md
# MAGIC What a cluster of Databricks has and this computer has not: a secret scope, and mounts that behave and fail as there.

# COMMAND ----------

from dataclasses import dataclass
from urllib.parse import unquote

keys_of_aws = {
    "access_key_id": "AKIAEXAMPLE",
    "secret_access_key": "ab/cd+ef%gh",
    **{name: value for name, value in globals().get("given", {}).items() if name.endswith(("key_id", "access_key"))},
}


@dataclass(frozen=True)
class Mounted:
    mountPoint: str
    source: str


class Scope:
    def get(self, scope, key):
        return keys_of_aws[key]


class ClassicMounts:
    """The legacy kind: once for each place; the address is read as Java's URI does, and S3 checks the keys."""

    def __init__(self):
        self._mounted = []
        self.tried = 0

    def mounts(self):
        return list(self._mounted)

    def mount(self, source, mount_point):
        self.tried += 1
        if any(each.mountPoint == mount_point for each in self._mounted):
            raise RuntimeError(
                "An error occurred while calling o389.mount.\n: java.rmi.RemoteException: java.lang.IllegalArgumentException: "
                f"requirement failed: Directory already mounted: {mount_point}; nested exception is: ..."
            )
        authority = source.partition("://")[2].partition("/")[0]
        keys, _, bucket = authority.rpartition("@")
        if not bucket or not keys:
            raise RuntimeError("java.lang.IllegalArgumentException: Invalid hostname in URI s3a://[REDACTED]")
        access_key, _, secret = keys.partition(":")
        if unquote(secret) != keys_of_aws["secret_access_key"]:
            raise RuntimeError("com.amazonaws.services.s3.model.AmazonS3Exception: Forbidden; Status Code: 403; Error Code: SignatureDoesNotMatch")
        self._mounted.append(Mounted(mount_point, f"s3a://{bucket}"))
        return True


class NoMounts(ClassicMounts):
    """Unity Catalog's standard clusters and serverless."""

    def mount(self, source, mount_point):
        self.tried += 1
        raise RuntimeError(
            "An error occurred while calling o410.mount. Trace:\npy4j.security.Py4JSecurityException: Method public "
            "com.databricks.backend.daemon.dbutils.DBUtilsCore$Result com.databricks.backend.daemon.dbutils.DBUtilsCore.mount(...) "
            "is not whitelisted on class class com.databricks.backend.daemon.dbutils.DBUtilsCore"
        )


dbutils.secrets = Scope()
dbutils.fs = ClassicMounts()
