/** The options of Spark's Java, for a program that lives for seconds over a learner's lake. */

/** `make` is written when Java ends; `use` is such a file. */
export type ClassData = { readonly use: string } | { readonly make: string } | null

/**
 * For `JDK_JAVA_OPTIONS`, whose words end at blanks unless they are quoted; nothing in quotes is escaped.
 *
 * Measured with pyspark 4.2, Java 17 and 2 cores over the notebook of the eight questions: 22.8 s without any, 18.9 with class
 * data, 13.4 with class data and the first compiler alone (11,154 posts); 26.6, 23.3 and 17.5 s (100,000 posts); at 1,000,000
 * posts, fifty times the largest known lake of a learner, the first compiler alone costs 11 %.
 */
export function javaOptions(data: ClassData): string {
  const word =
    data === null
      ? ''
      : 'use' in data
        ? `-XX:SharedArchiveFile=${data.use}`
        : `-XX:ArchiveClassesAtExit=${data.make}`
  return [
    // Another maker's Java may not know them.
    '-XX:+IgnoreUnrecognizedVMOptions',
    '-XX:TieredStopAtLevel=1',
    ...quoted(word),
    // One that does not fit is left aside without a word.
    '-Xlog:cds=off',
    '-Xlog:cds+dynamic=off',
  ].join(' ')
}

/** Nothing for a path that no quotes can hold. */
function quoted(word: string): string[] {
  const mark = ['"', "'"].find((each) => !word.includes(each))
  return word === '' || mark === undefined ? [] : [`${mark}${word}${mark}`]
}
