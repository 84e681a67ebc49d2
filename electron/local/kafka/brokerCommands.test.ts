import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type BrokerJvm, classDataName, formatWords, isBrokerOf, startWords } from './brokerCommands.ts'

const jvm: BrokerJvm = { jars: ['/c/a.jar', '/c/b c.jar'], resources: '/r', heapMiB: 400, platform: 'linux' }

it('starts the broker behind the guardian, with the checked jars and no others', () => {
  const words = startWords(jvm, null, '/h/kafka/server.properties')
  expect(words[0]).toBe('-Xmx400m')
  expect(words.slice(-4)).toEqual([
    `${join('/r', 'kafka', 'guardian.jar')}:/c/a.jar:/c/b c.jar`,
    'Guardian',
    'kafka.Kafka',
    '/h/kafka/server.properties',
  ])
  expect(words.join(' ')).not.toContain('*')
  expect(isBrokerOf(words.join(' '), '/h')).toBe(true)
})

it.each([
  ['linux', ':'],
  ['darwin', ':'],
  ['win32', ';'],
] as const)('joins the class path as %s does', (platform, separator) => {
  const words = startWords({ ...jvm, platform }, null, 'p')
  expect(words[words.indexOf('-cp') + 1]).toContain(`/c/a.jar${separator}/c/b c.jar`)
})

it('uses class data that is there and makes it where it is not', () => {
  expect(startWords(jvm, { use: '/c/x.jsa' }, 'p')).toContain('-XX:SharedArchiveFile=/c/x.jsa')
  expect(startWords(jvm, { make: '/c/x.new' }, 'p')).toContain('-XX:ArchiveClassesAtExit=/c/x.new')
  expect(startWords(jvm, null, 'p').filter((word) => word.includes('Archive'))).toEqual([])
  expect(classDataName('17.0.15', jvm.jars)).not.toBe(classDataName('17.0.16', jvm.jars))
})

it('formats without the guardian', () => {
  const words = formatWords(jvm, null, 'Pabc', 'f')
  expect(words.slice(-6)).toEqual(['kafka.tools.StorageTool', 'format', '-t', 'Pabc', '-c', 'f'])
})

it('knows a broker of this pipeline from all others', () => {
  expect(isBrokerOf('java -cp x kafka.Kafka /h/p1/kafka/server.properties', '/h/p1')).toBe(true)
  expect(isBrokerOf('java -cp x kafka.Kafka /h/p2/kafka/server.properties', '/h/p1')).toBe(false)
  expect(isBrokerOf('vi /h/p1/kafka/server.properties', '/h/p1')).toBe(false)
})
