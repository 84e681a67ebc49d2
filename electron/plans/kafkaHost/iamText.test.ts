import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { wholeScript } from './archiveCommands.ts'
import { gatewayJson } from './gatewayText.ts'
import { takeJarScript } from './iam.ts'
import { clientProperties, roleScript, shellText } from './iamText.ts'

const msk = { region: 'eu-west-2', role: '', session: 'pipeline-ann', authorities: false }
const role = 'arn:aws:iam::123456789012:role/ann-ec2-access-role'

describe('client.properties', () => {
  it('signs as the machine itself', () => {
    expect(clientProperties(msk).split('\n').slice(1)).toEqual([
      'security.protocol=SASL_SSL',
      'sasl.mechanism=AWS_MSK_IAM',
      'sasl.jaas.config=software.amazon.msk.auth.iam.IAMLoginModule required;',
      'sasl.client.callback.handler.class=software.amazon.msk.auth.iam.IAMClientCallbackHandler',
      'reconnect.backoff.ms=1000',
      '',
    ])
  })

  it('or as a role, in quotes and under one session name (F-12, F-16); with authorities where there are some', () => {
    const text = clientProperties({ ...msk, role, authorities: true })
    expect(text).toContain(
      `IAMLoginModule required awsRoleArn="${role}" awsRoleSessionName="pipeline-ann" awsStsRegion="eu-west-2";\n`,
    )
    expect(text).toContain('ssl.truststore.location=/etc/pipeline-control/kafka-ca.pem\n')
  })
})

it('the gateway signs for the region that its brokers’ names tell', () => {
  const options = { port: 8_082, region: 'us-east-1', msk }
  const bootstrap = 'b-1.pins.a1.c2.kafka.eu-west-2.amazonaws.com:9098'
  expect(JSON.parse(gatewayJson({ ...options, bootstrap })).kafka).toMatchObject({
    region: 'eu-west-2',
    caFile: '',
  })
  expect(JSON.parse(gatewayJson({ ...options, msk: null, bootstrap })).kafka).toBeNull()
})

it('its scripts are ones that a shell reads', () => {
  for (const script of [roleScript, shellText, takeJarScript("/a b/c'd.jar"), wholeScript("/a b/c'd.jar")])
    execFileSync('bash', ['-n'], { input: script })
})

it('the class path of a shell is added to, and comes first', () => {
  const say = (before: string) =>
    execFileSync('sh', ['-s'], { input: `${before}\n${shellText}\necho "$CLASSPATH"` })
      .toString()
      .trim()
  expect(say('unset CLASSPATH')).toMatch(/aws-msk-iam-auth-[\d.]+-all\.jar$/)
  expect(say('CLASSPATH=/mine.jar')).toMatch(/-all\.jar:\/mine\.jar$/)
})
