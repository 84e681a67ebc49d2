/** The options of Spark's Java, for a program that lives for seconds over a learner's lake. */

/** `make` is written when Java ends; `use` is such a file. */
export type ClassData = { readonly use: string } | { readonly make: string } | null

/**
 * For `JDK_JAVA_OPTIONS`, whose words end at blanks unless quoted, and where a backslash in quotes stands for what follows it.
 *
 * Measured with pyspark 4.2, Java 17 and 2 cores over the notebook of the eight questions: 22.8 s without any, 18.9 with class
 * data, 13.4 with class data and the first compiler alone (11,154 posts); 26.6, 23.3 and 17.5 s (100,000 posts); at 1,000,000
 * posts, fifty times the largest known lake of a learner, the first compiler alone costs 11 %.
 */
export function javaOptions(data: ClassData): string {
  const archive =
    data === null
      ? []
      : [
          quoted(
            'use' in data ? `-XX:SharedArchiveFile=${data.use}` : `-XX:ArchiveClassesAtExit=${data.make}`,
          ),
        ]
  return [
    // Another maker's Java may not know them.
    '-XX:+IgnoreUnrecognizedVMOptions',
    '-XX:TieredStopAtLevel=1',
    ...archive,
    // One that does not fit is left aside without a word.
    '-Xlog:cds=off',
    '-Xlog:cds+dynamic=off',
  ].join(' ')
}

const quoted = (word: string) => `"${word.replaceAll(/[\\"]/g, '\\$&')}"`
