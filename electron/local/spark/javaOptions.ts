/** The options of Spark's Java, for a program that lives for seconds over a learner's lake. */
import { type ClassData, classDataOptions } from '../java/classData.ts'

/**
 * For `JDK_JAVA_OPTIONS`, whose words end at blanks unless they are quoted; nothing in quotes is escaped.
 *
 * Measured with pyspark 4.2, Java 17 and 2 cores over the notebook of the eight questions: 22.8 s without any, 18.9 with class
 * data, 13.4 with class data and the first compiler alone (11,154 posts, as many as in the real tables); 26.6, 23.3 and 17.5 s
 * (100,000 posts); 64.7 s without any and 72.2 with both (1,000,000 posts, ninety times the real tables).
 */
export function javaOptions(data: ClassData): string {
  // The first is for another maker's Java, which may not know the others.
  const words = ['-XX:+IgnoreUnrecognizedVMOptions', '-XX:TieredStopAtLevel=1', ...classDataOptions(data)]
  return words.flatMap(quoted).join(' ')
}

/** Nothing for a path that no quotes can hold. */
function quoted(word: string): string[] {
  const mark = ['"', "'"].find((each) => !word.includes(each))
  return mark === undefined ? [] : [`${mark}${word}${mark}`]
}
