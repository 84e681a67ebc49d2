import { describe, expect, it } from 'vitest'
import { confluentLog, confluentRest, confluentUnitText } from './confluentText.ts'
import { confluentArchive, javaFor, javasOf } from './confluentVersion.ts'
import { mskClient } from './iamText.ts'
import { confluentHeapMiB } from './wanted.ts'

it('what the proxy is told: loopback only, and limits below the 29 s of API Gateway', () => {
  const text = confluentRest({ port: 8_082, bootstrap: '10.0.0.7:9092', msk: null })
  expect(text.split('\n').slice(1)).toEqual([
    'listeners=http://127.0.0.1:8082',
    'bootstrap.servers=PLAINTEXT://10.0.0.7:9092',
    'producer.acks=all',
    'producer.max.block.ms=10000',
    'producer.delivery.timeout.ms=15000',
    'producer.request.timeout.ms=10000',
    '',
  ])
  const limit = (name: string) => Number(new RegExp(`${name}=(\\d+)`).exec(text)?.[1])
  expect(limit('max.block.ms') + limit('delivery.timeout.ms')).toBeLessThan(29_000)
})

it('with MSK each of its clients is told how to sign in, under the prefix that it hands on (F-21)', () => {
  const msk = { region: 'eu-west-2', role: '', session: 'pipeline-ann', authorities: false }
  const lines = confluentRest({ port: 8_082, bootstrap: 'b-1.x:9098,b-2.x:9098', msk }).split('\n')
  expect(lines).toContain('bootstrap.servers=SASL_SSL://b-1.x:9098,SASL_SSL://b-2.x:9098')
  for (const name of Object.keys(mskClient(msk)))
    expect(lines.filter((line) => line.startsWith(`client.${name}=`))).toHaveLength(1)
})

const unit = (version: string, msk = false) =>
  confluentUnitText({ version, javaHome: '/usr/lib/jvm/java-17', javaVersion: '17.0.15', heapMiB: 256, msk })

describe('its unit', () => {
  it('has the IAM jar on its class path for MSK alone (F-20)', () => {
    expect(unit('8.3.1', true)).toMatch(
      /^Environment=CLASSPATH=\S+\/kafka-rest\/\*:\S+\/aws-msk-iam-auth-\S+-all\.jar$/m,
    )
    expect(unit('8.3.1')).not.toContain('aws-msk-iam-auth')
  })

  it('starts its own command with the environment that it reads', () => {
    const lines = unit('8.3.1').split('\n')
    for (const line of [
      'Description=Confluent REST Proxy 8.3.1 on Java 17.0.15 (Pipeline Control)',
      'User=pipeline-control',
      'Environment=JAVA_HOME=/usr/lib/jvm/java-17',
      'Environment=CLASSPATH=/opt/pipeline-control/confluent/current/share/java/kafka-rest/*',
      'Environment=KAFKAREST_HEAP_OPTS=-Xmx256m',
      'Environment=KAFKAREST_LOG4J_OPTS=-Dlog4j2.configurationFile=/etc/pipeline-control/kafka-rest-log4j.properties',
      'ExecStart=/opt/pipeline-control/confluent/current/bin/kafka-rest-start /etc/pipeline-control/kafka-rest.properties',
      'Restart=always',
      'WantedBy=multi-user.target',
    ])
      expect(lines).toContain(line)
  })

  it('speaks log4j as its version does', () => {
    expect(confluentLog('8.3.1')).toContain('appender.out.type=Console')
    expect(unit('7.9.2')).toContain(
      '-Dlog4j.configuration=file:/etc/pipeline-control/kafka-rest-log4j.properties',
    )
    expect(confluentLog('7.9.2')).toContain('log4j.appender.out=org.apache.log4j.ConsoleAppender')
  })

  it('has a heap by the memory of the host, never below the proxy’s own default', () => {
    expect([1_900, 3_900, 32_000].map(confluentHeapMiB)).toEqual([256, 487, 1_024])
  })
})

describe('a version', () => {
  it('has its archive below its two first numbers', () => {
    expect(confluentArchive('7.9.2')).toEqual({
      name: 'confluent-community-7.9.2.tar.gz',
      path: '7.9/confluent-community-7.9.2.tar.gz',
    })
  })

  it('runs on the Java that Confluent supports it on', () => {
    expect(['8.3.1', '7.9.2', '7.0.15'].map(javasOf)).toEqual([
      [17, 21],
      [8, 11, 17],
      [8, 11],
    ])
    const java = (major: number) => ({ program: `/j${major}/bin/java`, major, version: `${major}` })
    expect(javaFor('8.3.1', [java(25), java(21), java(17)])).toEqual(java(21))
    expect(javaFor('7.0.15', [java(17)])).toBe(null)
  })
})
