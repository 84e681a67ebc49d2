import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { difference, readLock } from './jars.ts'
import { kafkaName, kafkaVersion } from './version.ts'

const resources = resolve(import.meta.dirname, '../../../resources')

it('names what is missing or changed, and passes over what is not listed', () => {
  const listed = { 'a.jar': '1', 'b.jar': '2' }
  expect(difference({ 'a.jar': '1', 'b.jar': '2', 'c.jar': '3' }, listed)).toBeNull()
  expect(difference({ 'a.jar': '1' }, listed)).toBe('1 of 2 jars are missing: b.jar')
  expect(difference({ 'a.jar': '1', 'b.jar': 'x' }, listed)).toBe('1 jars are not what was published: b.jar')
})

it('ships one version everywhere: the constant, the lock file and the pom (facts: F-18)', async () => {
  const lock = await readLock(resources)
  expect(lock.version).toBe(kafkaVersion)
  expect(lock.jars[`${kafkaName}.jar`]).toMatch(/^[0-9a-f]{64}$/)
  const kafkas = Object.keys(lock.jars).filter((name) => /^kafka[-_]/.test(name))
  expect(kafkas.filter((name) => !name.endsWith(`-${kafkaVersion}.jar`))).toEqual([])
  const pom = readFileSync(resolve(resources, 'kafka/pom.xml'), 'utf8')
  expect(pom).toContain(`<artifactId>kafka_2.13</artifactId>\n      <version>${kafkaVersion}</version>`)
})
