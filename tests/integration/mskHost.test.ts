/**
 * A machine in front of MSK: its cluster found, let in, and signed in to by IAM, by our gateway, by Confluent's proxy and by Kafka's
 * own tools with AWS's jar. The brokers are real and recompute each signature; EC2 and MSK's lists are moto's.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DescribeSecurityGroupsCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2'
import { CreateClusterV2Command, KafkaClient } from '@aws-sdk/client-kafka'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AwsFront, awsFront } from '../helpers/awsFront.ts'
import { type AwsHome, awsHome } from '../helpers/awsHome.ts'
import { brokerMissing, startBroker, type TestBroker } from '../helpers/broker.ts'
import { everywhere, makeCloud, statesIn, terminalOf } from '../helpers/cloudPipeline.ts'
import { compilerMissing, makeConfluentArchive } from '../helpers/confluentArchive.ts'
import { type TestHome, testHome } from '../helpers/home.ts'
import { bootHost, hostGateway, hostsMissing, type TestHost } from '../helpers/host.ts'
import { hostListing } from '../helpers/hostListing.ts'
import { type Mirror, makeKafkaArchive, serveFolder } from '../helpers/kafkaArchive.ts'
import { kafkaTool } from '../helpers/kafkaTools.ts'
import { type Moto, motoMissing, startMoto } from '../helpers/moto.ts'
import { makeMskIamJar } from '../helpers/mskIamJar.ts'
import { makeNodeArchive } from '../helpers/nodeArchive.ts'
import {
  compileVerifier,
  decisionsOf,
  makeAuthority,
  mskListener,
  region,
  type SignerKey,
  writeKeys,
} from '../helpers/secureBroker.ts'

const missing =
  (await hostsMissing()) ?? (await brokerMissing()) ?? (await compilerMissing()) ?? (await motoMissing())
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

/** Free on the bridge, which this machine alone has. */
const port = 21_198
const broker = `b-1.pins.a1b2c3.c2.kafka.${region}.amazonaws.com`
const bootstrap = `${broker}:${port}`

/** Who sets up, from here. */
const person: SignerKey = {
  id: 'AKIACANARYMSKPERSON1',
  secret: 'canary-msk-4e0b-person-secret-key',
  token: '',
  principal: 'arn:aws:iam::123456789012:user/ann',
}
/** Whom the machine signs as. */
const machineRole = 'ann-ec2-access-role'
const machine: SignerKey = {
  id: 'ASIACANARYMSKMACHIN1',
  secret: 'canary-msk-4e0b-machine-secret-key',
  token: 'canary-msk-4e0b-session-token+/==',
  principal: `arn:aws:sts::123456789012:assumed-role/${machineRole}/i-1`,
}

describe.skipIf(missing !== null)(`MSK for a machine${missing === null ? '' : ` (${missing})`}`, () => {
  let host: TestHost
  let home: TestHome
  let aws: AwsHome
  let moto: Moto
  let front: AwsFront
  let ec2: EC2Client
  let kafka: TestBroker
  let mirror: Mirror
  let folder: string
  let keyFile: string
  let brokers = ''
  let instance = ''
  let before = ''
  let terminal: ReturnType<typeof terminalOf>

  const cli = (...words: string[]) => terminal.cli(...words)
  const must = (...words: string[]) => terminal.must(...words)
  const decisions = () => decisionsOf(keyFile)
  /** What the brokers' group lets in: `port from`. */
  const rules = async () => {
    const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [brokers] }))
    return SecurityGroups.flatMap(({ IpPermissions = [] }) =>
      IpPermissions.flatMap(({ FromPort, UserIdGroupPairs = [] }) =>
        UserIdGroupPairs.map(({ GroupId, Description }) => `${FromPort} ${GroupId} ${Description}`),
      ),
    )
  }
  const group = async (name: string) => {
    const { CreateSecurityGroupCommand } = await import('@aws-sdk/client-ec2')
    const made = await ec2.send(new CreateSecurityGroupCommand({ GroupName: name, Description: name }))
    return made.GroupId ?? ''
  }
  let ofMachine = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'msk-host-'))
    home = await testHome()
    aws = await awsHome()
    await aws.write(
      'credentials',
      `[work]\naws_access_key_id=${person.id}\naws_secret_access_key=${person.secret}\n`,
    )
    terminal = terminalOf({ env: { ...home.env, ...aws.env } })
    host = await bootHost('mskhost', { memory: '1G' })
    // As routes and security groups do where they let nobody in.
    await host.run(
      `echo '${hostGateway} ${broker}' | sudo tee -a /etc/hosts; sudo ip rule add pref 10 to ${hostGateway} ipproto 6 dport ${port} unreachable`,
    )
    before = await host.run(hostListing)
    await makeKafkaArchive(folder, '4.3.1')
    await makeNodeArchive(folder)
    await makeConfluentArchive(folder, '8.3.1')
    await makeMskIamJar(folder)
    mirror = await serveFolder(folder, hostGateway)

    const authority = await makeAuthority(folder)
    const store = await authority.sign('b-1', [`DNS:${broker}`])
    keyFile = join(folder, 'keys')
    await writeKeys(keyFile, [person, machine])
    kafka = await startBroker({
      home: join(folder, 'broker'),
      classes: await compileVerifier(folder),
      listeners: [{ name: 'IAM', protocol: 'SASL_SSL', address: hostGateway, port, advertised: broker }],
      properties: {
        ...mskListener('iam', keyFile),
        'listener.name.iam.ssl.keystore.type': 'PEM',
        'listener.name.iam.ssl.keystore.location': store,
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'super.users': 'User:ANONYMOUS',
      },
    })
    // As in a shared account: one's own three topics, and no other (F-13).
    const principals = [person, machine].flatMap((each) => ['--allow-principal', `User:${each.principal}`])
    await kafkaTool('org.apache.kafka.tools.AclCommand', [
      ...['--bootstrap-server', kafka.bootstrap, '--add', ...principals],
      ...['--operation', 'All', '--topic', 'learner.', '--resource-pattern-type', 'prefixed'],
    ])

    moto = await startMoto()
    front = await awsFront(moto.url)
    const client = {
      region,
      endpoint: moto.url,
      credentials: { accessKeyId: 'AKIAROOTROOTROOTROOT', secretAccessKey: 'root' },
    }
    ec2 = new EC2Client(client)
    ofMachine = await group('of-the-machine')
    brokers = await group('of-the-brokers')
    const { Instances = [] } = await ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-12c6146b',
        MinCount: 1,
        MaxCount: 1,
        SecurityGroupIds: [ofMachine],
      }),
    )
    const msk = new KafkaClient(client)
    const { ClusterArn = '' } = await msk.send(
      new CreateClusterV2Command({
        ClusterName: 'pins',
        Provisioned: {
          KafkaVersion: '3.9.x',
          NumberOfBrokerNodes: 1,
          BrokerNodeGroupInfo: {
            ClientSubnets: ['subnet-1'],
            InstanceType: 'kafka.t3.small',
            SecurityGroups: [brokers],
          },
        },
      }),
    )
    msk.destroy()
    // MSK's times have a zone, moto's have none; the brokers' addresses it lacks.
    front.rewrites.set('/api/v2/clusters', (body) =>
      body.replace(/("creationTime": *)"[^"]*"/g, '$1"2026-11-30T00:00:00Z"'),
    )
    front.rules.set(`/v1/clusters/${encodeURIComponent(ClusterArn)}/bootstrap-brokers`, () => ({
      status: 200,
      type: 'application/json',
      body: JSON.stringify({ bootstrapBrokerStringSaslIam: bootstrap }),
    }))
    front.rules.set('AuthorizeSecurityGroupIngress', () => {
      void host.run('sudo ip rule del pref 10')
      return undefined
    })

    await makeCloud({ env: { ...home.env, ...aws.env } }, host, mirror.url)
    await must('aws', 'use', 'work', '--region', region, '--endpoint', front.url)
    await must(
      ...['pipelines', 'set', 'cloud', 'kafkaHost.broker=msk'],
      ...[`endpoints.region=${region}`, `endpoints.kafkaCaFile=${authority.ca}`],
    )
    instance = Instances[0]?.InstanceId ?? ''
  }, 600_000)
  afterAll(async () => {
    mirror?.close()
    ec2?.destroy()
    await front?.close()
    await moto?.stop()
    await kafka?.kill()
    await host?.down()
    await aws?.remove()
    await home?.remove()
    await rm(folder, { recursive: true, force: true })
  })

  it('a machine without an instance profile is told so before anything is fetched for it', async () => {
    const { code, err } = await cli('setup', '--only', 'iam')
    expect(code).toBe(1)
    expect(err).toContain('The machine has no identity of AWS')
    expect(err).toContain('launch.profile')
    expect(mirror.asked.filter((path) => path.includes('msk'))).toEqual([])
  })

  it('says what would be changed, and changes nothing: the only cluster there is, and no port before it is known', async () => {
    const identity = {
      role: machineRole,
      AccessKeyId: machine.id,
      SecretAccessKey: machine.secret,
      Token: machine.token,
      Expiration: new Date(Date.now() + 3_600_000).toISOString(),
    }
    await writeFile(join(folder, 'identity.json'), JSON.stringify(identity))
    await host.metadata(join(folder, 'identity.json'))
    const out = await must('setup', '--check', '--json')
    const state = JSON.parse(out.trim().split('\n').at(-1) ?? '')
    const cluster = state.steps.find(({ id }: { id: string }) => id === 'cluster')
    expect(cluster.finding).toMatchObject({
      state: 'absent',
      reason: expect.stringContaining('pins is there'),
    })
    expect(cluster.finding.changes).toEqual([{ target: 'Kafka’s address', before: '', after: bootstrap }])
    expect(statesIn(out)).toMatchObject({ iam: 'absent', ports: 'absent', broker: 'absent' })
    expect(await rules()).toEqual([])
  })

  it('a jar that is a page of HTML is not taken (F-07)', async () => {
    const bad = await mkdtemp(join(tmpdir(), 'bad-jar-'))
    await mkdir(join(bad, 'v2.3.6'))
    await writeFile(join(bad, 'v2.3.6', 'aws-msk-iam-auth-2.3.6-all.jar'), '<html>releases/tag</html>')
    const other = await serveFolder(bad, hostGateway)
    await must('settings', 'set', `mirrors.mskIam=${other.url}`)
    const { code, out, err } = await cli('setup', '--only', 'iam', '--json')
    await must('settings', 'set', `mirrors.mskIam=${mirror.url}`)
    other.close()
    await rm(bad, { recursive: true })
    expect(code).toBe(1)
    expect(err).toContain('could fetch aws-msk-iam-auth 2.3.6')
    expect(out).toBe('')
    expect(
      await host.run(
        'find /opt/pipeline-control/downloads /opt/pipeline-control/msk -type f 2>/dev/null || true',
      ),
    ).toBe('')
  })

  it('is let in by one rule, and stops where a topic of another name is not allowed, with the way out (F-13)', async () => {
    expect((await cli('setup')).err).toContain('pipeline machines choose <id>')
    await must('machines', 'choose', instance)
    const { code, err } = await cli('setup')
    expect(code).toBe(1)
    expect(err).toContain('pipeline-health-cloud')
    expect(err).toContain('kafkaHost.healthTopic=pin')
    expect(await rules()).toEqual([
      `${port} ${ofMachine} Kafka by IAM, for the machine of the pipeline cloud`,
    ])
    await must('pipelines', 'set', 'cloud', 'kafkaHost.healthTopic=pin')
    expect(statesIn(await must('setup', '--json'))).toEqual(everywhere('present'))
    const { items } = JSON.parse(await must('pipelines', 'list', '--json'))
    const own = items.find(({ id }: { id: string }) => id === 'cloud').settings.endpoints
    expect(own).toMatchObject({
      bootstrap,
      kafkaAccess: 'mskIam',
      through: 'machine',
      gatewayThrough: 'machine',
    })
  }, 600_000)

  it('pressed again, nothing is changed there or in AWS', async () => {
    const listing = await host.run(hostListing)
    const asked = mirror.asked.length
    expect(statesIn(await must('setup', '--json'))).toEqual(everywhere('present'))
    expect(await host.run(hostListing)).toBe(listing)
    expect(mirror.asked.length).toBe(asked)
    expect(front.asked.filter(({ action }) => action === 'AuthorizeSecurityGroupIngress')).toHaveLength(1)
  })

  const emulate = async () => {
    const words = ['--sink', 'rest', '--posts', '50', '--rate', 'max', '--verify', '--json']
    return JSON.parse(await must('emulate', ...words)).report
  }

  it('an emulation goes through our gateway, which signs as the machine, and is read back by us, who sign as ourselves', async () => {
    expect(await emulate()).toMatchObject({
      acknowledged: { kafka: 150 },
      found: { kafka: 150 },
      unaccounted: 0,
    })
    const good = new Set((await decisions()).filter((line) => line.startsWith('good')))
    expect(good).toEqual(new Set([`good ${person.principal}`, `good ${machine.principal}`]))
  })

  it('an identity that MSK does not know is named where records are refused', async () => {
    await writeKeys(keyFile, [person])
    await must('services', 'restart', 'gateway')
    const { code, err } = await cli('emulate', '--sink', 'rest', '--posts', '1', '--rate', 'max')
    expect(code).toBe(1)
    expect(err).toContain('Access denied')
    await writeKeys(keyFile, [person, machine])
  })

  it('Kafka’s own tools sign in with the jar in any login shell (F-05, F-06, F-08)', async () => {
    const listed = await host.run(
      `bash -lc 'java -cp "/opt/pipeline-control/kafka/current/libs/*:$CLASSPATH" org.apache.kafka.tools.TopicCommand --bootstrap-server ${bootstrap} --command-config /etc/pipeline-control/client.properties --list'`,
    )
    expect(listed.split('\n')).toContain('learner.geo')
    expect(await decisions()).toContain(`good ${machine.principal} by AWS_MSK_IAM`)
  })

  it('Confluent’s proxy signs in too, on a machine whose memory it has to itself', async () => {
    await must('pipelines', 'set', 'cloud', 'kafkaHost.proxy=confluent')
    expect(statesIn(await must('setup', '--json'))).toEqual(everywhere('present'))
    const so = (await decisions()).length
    expect(await emulate()).toMatchObject({ found: { kafka: 150 }, unaccounted: 0 })
    expect((await decisions()).slice(so).join('\n')).not.toContain('bad')
    expect(await must('services', '--json')).not.toContain('"kafka"')
  }, 600_000)

  it('no key is in a file, a process or the journal of the machine', async () => {
    const found = await host.run(
      // A pattern that does not find itself, in a process list or where sudo notes its own commands.
      `{ sudo grep -rl '[c]anary-msk' /etc /opt /var/lib/pipeline-control /home; sudo cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr '\\0' '\\n' | grep '[c]anary-msk'; sudo journalctl --no-pager | grep '[c]anary-msk'; } 2>/dev/null; true`,
    )
    expect(found.trim()).toBe('')
  })

  it('is taken back whole: the rule, the jar, the shell’s class path; topics of MSK stay', async () => {
    const { err } = await cli('setup', '--undo', '--yes')
    expect(err).not.toMatch(/learner\.pin: \d+ messages/)
    expect(await rules()).toEqual([])
    const left = (await host.run(hostListing)).split('\n')
    const had = new Set(before.split('\n'))
    expect(left.filter((line) => !had.has(line))).toEqual([])
    const { items } = JSON.parse(await must('pipelines', 'list', '--json'))
    const own = items.find(({ id }: { id: string }) => id === 'cloud').settings.endpoints
    expect(own).toMatchObject({ bootstrap: '', gateway: '' })
    const topics = await kafkaTool('org.apache.kafka.tools.TopicCommand', [
      ...['--bootstrap-server', kafka.bootstrap, '--list'],
    ])
    expect(topics.split('\n')).toContain('learner.pin')
  }, 300_000)
})
