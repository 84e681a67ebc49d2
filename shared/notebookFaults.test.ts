import { describe, expect, it } from 'vitest'
import { notebookFault, notebookFaultHint } from './notebookFaults.ts'

/** As Spark and Databricks say it; what real Spark says is tested in tests/integration/notebookFaults.test.ts as well. */
const said: readonly (readonly [id: string, text: string])[] = [
  [
    'F-58',
    'java.rmi.RemoteException: java.lang.IllegalArgumentException: requirement failed: Directory already mounted: /mnt/project; nested exception is',
  ],
  [
    'F-59',
    'com.amazonaws.services.s3.model.AmazonS3Exception: Forbidden; request: HEAD https://user-0a1b-bucket.s3.amazonaws.com topics/0a1b.pin {} (Service: Amazon S3; Status Code: 403; Error Code: 403 Forbidden; Request ID: X)',
  ],
  [
    'F-59',
    'AmazonS3Exception: The request signature we calculated does not match the signature you provided. (Error Code: SignatureDoesNotMatch)',
  ],
  ['F-59', 'IllegalArgumentException: Invalid hostname in URI s3n://AKIA:a/b@user-0a1b-bucket'],
  [
    'F-59',
    'java.nio.file.AccessDeniedException: s3a://user-0a1b-bucket/topics: getFileStatus: Access Denied',
  ],
  [
    'F-60',
    '[PATH_NOT_FOUND] Path does not exist: dbfs:/mnt/project/topics/0a1b.pin/partition=0. SQLSTATE: 42K03',
  ],
  ['F-60', 'Path does not exist: dbfs:/mnt/project/topics/0a1b.pin/partition=0/*.json'],
  [
    'F-61',
    '[NOT_SUPPORTED_WITH_SERVERLESS] GLOBAL TEMPORARY VIEW is not supported on serverless compute. SQLSTATE: 0A000',
  ],
  [
    'F-61',
    '[INFINITE_STREAMING_TRIGGER_NOT_SUPPORTED] Trigger type ProcessingTime is not supported for this cluster type.',
  ],
  [
    'F-61',
    'py4j.security.Py4JSecurityException: Method public com.databricks.backend.daemon.dbutils.DBUtilsCore$Result com.databricks.backend.daemon.dbutils.DBUtilsCore.mount(java.lang.String) is not whitelisted on class class com.databricks.backend.daemon.dbutils.DBUtilsCore',
  ],
  ['F-61', '[DBFS_DISABLED] Public DBFS root is disabled. Access is denied on path: /mnt/project'],
  ['F-62', "NameError: name 'IntegerType' is not defined"],
  ['F-64', "AttributeError: module 'pyspark.sql.functions' has no attribute 'median'"],
  [
    'F-64',
    "ImportError: cannot import name 'median' from 'pyspark.sql.functions' (/databricks/spark/python/pyspark/sql/functions.py)",
  ],
  [
    'F-64',
    "AnalysisException: Undefined function: 'median'. This function is neither a registered temporary function nor a permanent function",
  ],
  ['F-64', '[UNRESOLVED_ROUTINE] Cannot resolve routine `median` on search path'],
  [
    'F-66',
    "[PARSE_SYNTAX_ERROR] Syntax error at or near '-'. SQLSTATE: 42601 (line 1, pos 17)\n\n== SQL ==\nSELECT * FROM 129-a_pin_table",
  ],
  ['F-56', 'User: arn:aws:iam::1:user/a is not authorized to perform: kinesis:ListShards on resource'],
  ['F-55', 'ResourceNotFoundException: Stream streaming-0a1b-pin under account 1 not found.'],
]

describe('what usually goes wrong in a notebook', () => {
  it.each(said)('%s: %s', (id, text) => {
    expect(notebookFault(text)?.id).toBe(id)
    expect(notebookFaultHint(text)).toMatch(new RegExp(`\\(${id}\\)$`))
  })

  it('says nothing of what it does not know', () => {
    for (const text of [
      '',
      'ZeroDivisionError: division by zero',
      '[DIVIDE_BY_ZERO] Division by zero. Use `try_divide`',
      'AnalysisException: [UNRESOLVED_COLUMN.WITH_SUGGESTION] A column with name `median_age` cannot be resolved',
      "[PARSE_SYNTAX_ERROR] Syntax error at or near 'FRM'. SQLSTATE: 42601\n\n== SQL ==\nSELECT 1 FRM pins",
    ])
      expect(notebookFaultHint(text), text).toBeNull()
  })
})
