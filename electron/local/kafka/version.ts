/** The one place that names the local broker's version (decision 19). */
export const kafkaVersion = '4.3.1'
/** Kafka's jars are built for one Scala; since 4.0 there is only this. */
export const scalaVersion = '2.13'
/** `kafka_2.13-4.3.1`: the name of the official archive and of the folder in it. */
export const kafkaName = `kafka_${scalaVersion}-${kafkaVersion}`
/** Brokers of 4.x need Java 17 (facts: apis 5). */
export const oldestJava = 17
