/** What usually goes wrong in notebooks, by the words of Spark and Databricks: the cause and the fix (facts: pipeline 7). */

export interface NotebookFault {
  /** Of facts/pipeline.md; null where it has no number there. */
  readonly id: `F-${number}` | null
  readonly cause: string
  readonly fix: string
}

type Known = readonly [words: RegExp, fault: NotebookFault]
const fault = (words: RegExp, id: NotebookFault['id'], cause: string, fix: string): Known => [
  words,
  { id, cause, fix },
]

/** The first whose words are found; the more exact stand first. */
const known: readonly Known[] = [
  fault(
    /Directory already mounted/,
    'F-58',
    'Something is mounted at this place already, most likely by an earlier run.',
    'Look at dbutils.fs.mounts() before mounting, as the notebook setup does, or unmount it first: dbutils.fs.unmount("/mnt/…").',
  ),
  fault(
    /\[?(NOT_SUPPORTED_WITH_SERVERLESS|INFINITE_STREAMING_TRIGGER_NOT_SUPPORTED|DBFS_DISABLED|CONFIG_NOT_AVAILABLE)\b|Nothing is mounted on this computer|is not (white|allow)listed/i,
    'F-61',
    'This kind of compute has no mounts, no global temporary views and no endless streams: serverless, the Free Edition, a cluster with Unity Catalog, or Spark on this computer.',
    'Read from a Unity Catalog volume (lake = /Volumes/<catalog>/<schema>/<volume>/topics) or an external location, use temporary views, and the trigger availableNow.',
  ),
  fault(
    /not authorized to perform: kinesis:|kinesis[\s\S]*AccessDenied|AmazonKinesis[\s\S]*Status Code: 40[03]/i,
    'F-56',
    'Kinesis refused the reader: it lacks a permission, or its secret was URL-encoded, which only one in an address is.',
    'Give it kinesis:ListShards, GetShardIterator and GetRecords, and give awsSecretKey as it is.',
  ),
  fault(
    /SignatureDoesNotMatch|InvalidAccessKeyId|Invalid hostname in URI|Status Code: 403|Access ?Denied|403 Forbidden|: Forbidden\b/i,
    'F-59',
    'S3 refused the keys: they may not read the bucket, or the secret did not arrive as it is, since an address must have it URL-encoded.',
    'Give their user s3:ListBucket and s3:GetObject on the bucket; in the address of a mount, and only there, encode the secret: urllib.parse.quote(secret, safe=""), as the notebook setup does.',
  ),
  fault(
    /PATH_NOT_FOUND|Path does not exist|NoSuchBucket/i,
    'F-60',
    'Nothing has come into the lake yet, or under another id.',
    'Run an emulation first, compare user_id with the topics’ names, and read all partitions, not only partition=0.',
  ),
  fault(
    /(?:no attribute|cannot import name|undefined function:?|cannot resolve (?:function|routine))\W+median\b/i,
    'F-64',
    'This Spark has no median: it came with 3.4.',
    'Use percentile(column, 0.5) in SQL, as the notebook batch does, or a runtime with Spark 3.4 or newer.',
  ),
  fault(
    /\bname '\w+' is not defined/,
    'F-62',
    'The notebook uses a name that it neither imports nor makes: by hand it worked, since another cell of that session had it.',
    'Import it in the notebook’s first cell, such as: from pyspark.sql.types import IntegerType, TimestampType. Then run all cells from the first on.',
  ),
  fault(
    /\(F-63\)/,
    'F-63',
    'The cleaning did nothing: col == None is never true, replace compares whole values, and a placeholder must match to its last dot.',
    'Use col.isNull(), and isin() with the whole placeholder, as the notebook clean does.',
  ),
  fault(
    /\(F-65\)/,
    'F-65',
    'The same post stands in several rows, and each of them is counted.',
    'Take away what is there twice before counting: table.dropDuplicates(), or dropDuplicates(["ind"]).',
  ),
  fault(
    /(?:PARSE_SYNTAX_ERROR|INVALID_IDENTIFIER|INVALID_SQL_SYNTAX|ParseException|mismatched input|extraneous input)[\s\S]*_(?:pins?|geo|user)_table/,
    'F-66',
    'The table’s name is no plain name of SQL: the id in it has a dash, or another character than letters, digits and _.',
    'Put the name into backticks: SELECT * FROM `my-id_pin_table`.',
  ),
  fault(
    /ResourceNotFound/,
    'F-55',
    'The stream is not there, or was made again since it was last read.',
    'Compare user_id with the streams’ names; where the stream was made again, delete its checkpoints.',
  ),
  fault(
    /Kinesis of this computer does not run/,
    null,
    'The streams of this computer are kept by the local stack.',
    'Start the local stack on the page Set-up, or: pipeline local up.',
  ),
]

/** `text` is what Spark or Databricks said, whole or its first lines. Null where it is none of the usual ones. */
export const notebookFault = (text: string): NotebookFault | null =>
  known.find(([words]) => words.test(text))?.[1] ?? null

/** Cause, fix and number in one text, as an error's hint has them; null where the fault is not known. */
export function notebookFaultHint(text: string): string | null {
  const found = notebookFault(text)
  if (found === null) return null
  return `${found.cause} ${found.fix}${found.id === null ? '' : ` (${found.id})`}`
}
