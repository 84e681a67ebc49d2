/** What runs Spark on this computer. */
export interface SparkPrograms {
  readonly python: string
  /** The program of Java that Spark takes. */
  readonly java: string
  /** For `JDK_JAVA_OPTIONS`. */
  readonly javaOptions: string
}
