/** Spark's client of S3, fetched once into the cache, and the environment that has PySpark load it. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder } from './home.ts'

/** Of the Hadoop that pyspark 4.2.0 brings. */
const hadoop = '3.5.0'
/** The version it names. The modules it uses, 19 MB, instead of the bundle of all of AWS, 686 MB. */
const sdk = '2.35.4'
const modules = ['s3', 's3-transfer-manager', 'sts'] as const

/** `endpoint` stands for S3. */
export async function s3aEnvironment(endpoint: string): Promise<Record<string, string>> {
  const ivy = join(cacheFolder, 'spark', 's3a')
  await mkdir(ivy, { recursive: true })
  const packages = [
    `org.apache.hadoop:hadoop-aws:${hadoop}`,
    ...modules.map((name) => `software.amazon.awssdk:${name}:${sdk}`),
  ]
  const settings = {
    'spark.jars.ivy': ivy,
    'spark.jars.packages': packages.join(),
    'spark.jars.excludes':
      'software.amazon.awssdk:bundle,org.apache.hadoop:hadoop-client-runtime,org.apache.hadoop:hadoop-client-api',
    'spark.hadoop.fs.s3a.endpoint': endpoint,
    'spark.hadoop.fs.s3a.endpoint.region': 'us-east-1',
    'spark.hadoop.fs.s3a.path.style.access': 'true',
    // One Spark reads with the keys of several people, which no notebook does.
    'spark.hadoop.fs.s3a.impl.disable.cache': 'true',
  }
  const words = Object.entries(settings).map(([name, value]) => `--conf ${name}=${value}`)
  return { PYSPARK_SUBMIT_ARGS: `${words.join(' ')} pyspark-shell` }
}
