/** Confluent's archive as it is laid out, with a stand-in for its REST proxy: its start command, environment, properties and API. */
import { execFile } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { confluentArchive } from '../../electron/plans/kafkaHost/confluentVersion.ts'
import { kafkaLibs } from './broker.ts'

const exec = promisify(execFile)
const source = resolve(import.meta.dirname, '../testbed/confluent/KafkaRestMain.java')

/** Jars of each folder below `share/java`, by the beginning of their names. */
const libraries = {
  'confluent-common': ['slf4j-api', 'log4j-api', 'log4j-core', 'log4j-slf4j-impl'],
  'rest-utils': ['jackson-annotations', 'jackson-core', 'jackson-databind'],
  'kafka-rest': ['kafka-clients', 'lz4-java', 'snappy-java', 'zstd-jni'],
} as const

/** Our own words; names and meaning of the environment are those of Confluent's scripts. */
const start = `#!/bin/sh
exec $(dirname $0)/kafka-rest-run-class io.confluent.kafkarest.KafkaRestMain "$@"
`
const runClass = `#!/bin/bash
base=$(dirname $0)/..
for library in ${Object.keys(libraries).join(' ')}; do CLASSPATH=$CLASSPATH:$base/share/java/$library/*; done
if [ -n "$LOG_DIR" ]; then
  [ -d "$LOG_DIR" ] || mkdir -p "$LOG_DIR"
  KAFKAREST_LOG4J_OPTS="-Dkafka-rest.log.dir=$LOG_DIR $KAFKAREST_LOG4J_OPTS"
fi
java=java
[ -z "$JAVA_HOME" ] || java=$JAVA_HOME/bin/java
exec $java \${KAFKAREST_HEAP_OPTS:--Xmx256M} $KAFKAREST_LOG4J_OPTS -cp $CLASSPATH $KAFKAREST_OPTS "$@"
`

/** Says what is missing, or null: a Java that runs Kafka need not be one that compiles. */
export async function compilerMissing(): Promise<string | null> {
  return exec('javac', ['--version']).then(
    () => null,
    () => 'javac is not on PATH: install a JDK 17 or newer.',
  )
}

/** Makes `<folder>/<8.3>/confluent-community-<version>.tar.gz`. `mark` makes it another archive of the same version. */
export async function makeConfluentArchive(folder: string, version: string, mark = ''): Promise<void> {
  const { path } = confluentArchive(version)
  const libs = await kafkaLibs()
  const jars = await readdir(libs)
  const work = await mkdtemp(join(tmpdir(), 'confluent-'))
  const inner = join(work, `confluent-${version}`)
  try {
    for (const [library, names] of Object.entries(libraries)) {
      const to = join(inner, 'share', 'java', library)
      await mkdir(to, { recursive: true })
      for (const jar of jars)
        if (names.some((name) => new RegExp(`^${name}-\\d`).test(jar)))
          await copyFile(join(libs, jar), join(to, jar))
    }
    const classes = join(work, 'classes')
    await exec('javac', ['--release', '17', '-cp', `${libs}/*`, '-d', classes, source])
    const jar = join(inner, 'share', 'java', 'kafka-rest', `kafka-rest-${version}.jar`)
    await exec('jar', ['--create', '--file', jar, '-C', classes, '.'])
    await mkdir(join(inner, 'bin'))
    for (const [name, text] of Object.entries({
      'kafka-rest-start': start,
      'kafka-rest-run-class': runClass,
    })) {
      await writeFile(join(inner, 'bin', name), text)
      await chmod(join(inner, 'bin', name), 0o755)
    }
    await mkdir(join(inner, 'etc', 'kafka-rest'), { recursive: true })
    const example = `#id=kafka-rest-test-server\nbootstrap.servers=PLAINTEXT://localhost:9092\n# ${mark}\n`
    await writeFile(join(inner, 'etc', 'kafka-rest', 'kafka-rest.properties'), example)
    const file = join(folder, path)
    await mkdir(join(file, '..'), { recursive: true })
    await exec('tar', ['-I', 'gzip -1', '-cf', file, '-C', work, `confluent-${version}`])
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}
