import { expect, it } from 'vitest'
import { downloadedJar, isMavenError } from './mavenCommands.ts'

it('reads which jar came', () => {
  const line = (what: string) => `Downloaded from central: https://maven.example/x/${what} (9.9 MB at 4 MB/s)`
  expect(downloadedJar(line('kafka-clients-4.3.1.jar'))).toBe('kafka-clients-4.3.1.jar')
  expect(downloadedJar(line('kafka-clients-4.3.1.pom'))).toBeNull()
  expect(downloadedJar('[INFO] Copying kafka-clients-4.3.1.jar to libs')).toBeNull()
})

it('tells reasons from noise', () => {
  expect(isMavenError('[ERROR] Failed to execute goal: no network')).toBe(true)
  expect([isMavenError('[ERROR] '), isMavenError('[INFO] ok')]).toEqual([false, false])
})
