/**
 * The connectivity doctor against a real machine that was set up by the app, with one fault after the other: cases of
 * `kafkaHost.test.ts`, whose machine they have, by a computer of their own. They leave it as it was.
 */
import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  AuthorizeSecurityGroupIngressCommand,
  EC2Client,
  RunInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Doctor, DoctorLink } from '../../shared/contract/doctor.ts'
import type { DoctorLinkId } from '../../shared/doctor.ts'
import { type AwsHome, awsHome } from '../helpers/awsHome.ts'
import { makeCloud } from '../helpers/cloudPipeline.ts'
import { runProgram, type TestHome, testHome } from '../helpers/home.ts'
import { hostGateway, type TestHost } from '../helpers/host.ts'
import { type Moto, motoMissing, startMoto } from '../helpers/moto.ts'
import { until } from '../helpers/until.ts'

const exec = promisify(execFile)
const missing = await motoMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

/** What the machine was set up from, and the machine. */
export interface SetUp {
  readonly host: TestHost
  /** Where all that it fetches comes from. */
  readonly mirror: string
}

export function doctorCases(machine: () => SetUp): void {
  describe.skipIf(missing !== null)(`pipeline doctor${missing === null ? '' : ` (${missing})`}`, () => {
    let host: TestHost
    let home: TestHome
    let aws: AwsHome
    let folder: string

    const cli = (...words: string[]) => runProgram('cli.js', words, home.env)
    const must = async (...words: string[]) => {
      const { code, out, err } = await cli(...words)
      expect(code, `${words.join(' ')}\n${err}${out}`).toBe(0)
      return out
    }
    /** Each link by its id, and the exit code. */
    const examine = async () => {
      const { code, out, err } = await cli('doctor', 'cloud', '--json')
      const { links, done }: Doctor = JSON.parse(out === '' ? '{}' : out)
      expect(done, err).toBe(true)
      const states = Object.fromEntries(links.map(({ id, state }) => [id, state]))
      const of = (id: DoctorLinkId) => links.find((link) => link.id === id) as DoctorLink
      return { code, states, of }
    }
    const onHost = (command: string) => host.run(command)
    const kafkaListens = () => until(async () => (await onHost('ss -Hltn "sport = :9092"')) !== '', 90_000)

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'doctor-'))
      home = await testHome()
      aws = await awsHome()
      for (const name of Object.keys(home.env)) if (/^AWS_/.test(name)) delete home.env[name]
      Object.assign(home.env, aws.env)
      host = machine().host
      await makeCloud(home, host, machine().mirror)
      await must('setup', '--json')
    }, 600_000)
    afterAll(async () => {
      await home?.remove()
      await aws?.remove()
      await rm(folder, { recursive: true, force: true })
    })

    it('all is good where all is good, and what is not there is said to be so', async () => {
      const { code, states, of } = await examine()
      expect(states).toEqual({
        credentials: 'unused',
        instance: 'unused',
        securityGroup: 'unused',
        key: 'good',
        tcp: 'good',
        hostKey: 'good',
        signIn: 'good',
        facts: 'good',
        kafkaUnit: 'good',
        proxyUnit: 'good',
        proxy: 'good',
        brokerNames: 'good',
        brokerPort: 'good',
        tls: 'unused',
        sasl: 'unused',
        metadata: 'good',
        advertised: 'good',
        topics: 'good',
        groups: 'good',
      })
      expect(code).toBe(0)
      expect(of('advertised').text).toContain(`${host.ip}:9092`)
      expect(of('topics').text).toContain('learner.pin (1 partition)')
      const text = await cli('doctor')
      expect(text.out).toMatch(/^– AWS credentials\s+not used: no identity of AWS is chosen\n/)
      expect(text.err).toContain('The way is good.')
    }, 60_000)

    it('a stopped proxy (F-25) and a stopped broker: each named, the rest looked at', async () => {
      await onHost('sudo systemctl stop pipeline-gateway')
      const proxy = await examine()
      expect(proxy.code).toBe(1)
      expect(proxy.of('proxyUnit')).toMatchObject({
        state: 'bad',
        faults: ['F-25'],
        problem: { code: 'DOCTOR_UNIT_DOWN' },
        action: { kind: 'setUp', step: 'proxy' },
      })
      expect([proxy.states.proxy, proxy.states.topics, proxy.states.groups]).toEqual([
        'skipped',
        'good',
        'good',
      ])

      await onHost('sudo systemctl start pipeline-gateway; sudo systemctl stop pipeline-kafka')
      const broker = await examine()
      expect(broker.of('kafkaUnit')).toMatchObject({ state: 'bad', problem: { code: 'DOCTOR_UNIT_DOWN' } })
      expect(broker.of('kafkaUnit').lines.length).toBeGreaterThan(0)
      expect(broker.of('brokerPort')).toMatchObject({
        state: 'bad',
        faults: ['F-09'],
        problem: { code: 'DOCTOR_BROKER_CLOSED', message: expect.stringContaining('nothing listens there') },
        action: { kind: 'setUp', step: 'broker' },
      })
      expect([broker.states.proxyUnit, broker.states.metadata, broker.states.topics]).toEqual([
        'good',
        'skipped',
        'skipped',
      ])
    }, 60_000)

    it('another program has the proxy’s port (F-28): it is named, with its process', async () => {
      await onHost('sudo systemctl start pipeline-kafka; sudo systemctl stop pipeline-gateway')
      await onHost(
        'sudo systemd-run --unit old-proxy --collect /opt/pipeline-control/node/bin/node -e "require(\'http\').createServer((_, r) => r.end()).listen(8082)"',
      )
      await until(async () => (await onHost('ss -Hltn "sport = :8082"')) !== '', 30_000)
      await onHost('sudo systemctl start pipeline-gateway')
      const { of } = await examine()
      expect(of('proxyUnit')).toMatchObject({
        state: 'bad',
        faults: ['F-28'],
        problem: { code: 'DOCTOR_PORT_TAKEN', message: expect.stringContaining('of old-proxy.service') },
        action: null,
      })
      await onHost('sudo systemctl stop old-proxy')
      await kafkaListens()
    }, 90_000)

    it('a topic that is gone (F-13, F-35), and it is made again as the doctor says', async () => {
      await must('topics', 'delete', 'learner.geo', '--yes')
      const { code, of, states } = await examine()
      expect(code).toBe(1)
      expect(of('topics')).toMatchObject({
        state: 'bad',
        faults: ['F-13', 'F-35'],
        problem: { message: expect.stringContaining('learner.geo') },
        action: { kind: 'setUp', step: 'topics' },
      })
      expect(states.groups).toBe('good')
      const said = (await cli('doctor')).out
      expect(said).toContain('→ pipeline setup --only topics')
      await must('setup', '--only', 'topics')
    }, 90_000)

    it('a broker that sends everybody to localhost (F-09, F-19), and set-up puts it right', async () => {
      await onHost(
        "sudo sed -i 's|^advertised.listeners=.*|advertised.listeners=PLAINTEXT://localhost:9092|' /etc/pipeline-control/server.properties; sudo systemctl restart pipeline-kafka",
      )
      await kafkaListens()
      const { of, states } = await examine()
      expect(of('metadata').state).toBe('good')
      expect(of('advertised')).toMatchObject({
        state: 'bad',
        faults: ['F-09', 'F-19'],
        problem: { code: 'DOCTOR_ADVERTISED_SELF', message: expect.stringContaining('localhost:9092') },
        action: { kind: 'setUp', step: 'broker' },
      })
      expect([states.topics, states.groups]).toEqual(['skipped', 'skipped'])
      // Such a broker takes half a minute to end by itself.
      await onHost('sudo systemctl kill -s KILL pipeline-kafka')
      await must('setup', '--only', 'broker')
    }, 240_000)

    it('a key that is refused (F-01), a key that changed, and a port that swallows everything (F-03)', async () => {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
      const other = join(folder, 'other.pem')
      await writeFile(other, privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 })
      await must('host', 'set', '--key-file', other)
      const refused = await examine()
      expect(refused.of('signIn')).toMatchObject({
        state: 'bad',
        faults: ['F-01'],
        problem: { code: 'SSH_AUTH' },
        action: { kind: 'open', page: '/machine' },
      })
      expect([refused.states.facts, refused.states.kafkaUnit, refused.states.topics]).toEqual([
        'skipped',
        'skipped',
        'skipped',
      ])
      await must('host', 'set', '--key-file', host.key)

      // The host's own helper would refuse the changed key: it is put back without looking at it.
      const back = "sudo sh -c 'mv /var/kept-keys/* /etc/ssh/; rmdir /var/kept-keys; systemctl restart ssh'"
      const blind = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null']
      await onHost(
        'sudo mkdir /var/kept-keys; sudo mv /etc/ssh/ssh_host_ed25519_key* /var/kept-keys; sudo ssh-keygen -q -A; sudo systemctl restart ssh',
      )
      expect((await examine()).of('hostKey')).toMatchObject({
        state: 'bad',
        problem: { code: 'SSH_HOST_KEY_CHANGED' },
      })
      await exec('ssh', ['-i', host.key, ...blind, `${host.user}@${host.ip}`, back])

      await host.fault('drop')
      // Silence, or after a while the kernel's own word that nobody is there.
      expect((await examine()).of('tcp')).toMatchObject({
        state: 'bad',
        faults: ['F-03', 'F-04'],
        problem: { code: expect.stringMatching(/^SSH_(TIMEOUT|UNREACHABLE)$/) },
      })
      await host.fault('heal')
    }, 120_000)

    describe('in AWS', () => {
      let moto: Moto
      let ec2: EC2Client
      let id = ''
      beforeAll(async () => {
        moto = await startMoto()
        await aws.write(
          'credentials',
          '[work]\naws_access_key_id=AKIAWORKWORKWORKWORK\naws_secret_access_key=secret-of-the-work-profile\n',
        )
        const credentials = { accessKeyId: 'AKIAROOTROOTROOTROOT', secretAccessKey: 'root' }
        ec2 = new EC2Client({ region: 'eu-west-2', endpoint: moto.url, credentials })
        const { Instances } = await ec2.send(
          new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1 }),
        )
        id = Instances?.[0]?.InstanceId ?? ''
        await must('aws', 'use', 'work', '--region', 'eu-west-2', '--endpoint', moto.url)
        await must('machines', 'choose', id)
      }, 60_000)
      afterAll(async () => {
        ec2?.destroy()
        await moto?.stop()
      })

      it('an address that is not the instance’s (F-04), and a group that does not let us in (F-03)', async () => {
        const { of, states } = await examine()
        expect(of('credentials').text).toContain('account 123456789012, eu-west-2')
        expect(of('instance')).toMatchObject({
          state: 'warn',
          faults: ['F-04'],
          problem: { code: 'MACHINE_MOVED', message: expect.stringContaining(host.ip) },
        })
        expect(of('securityGroup')).toMatchObject({
          state: 'bad',
          faults: ['F-03'],
          problem: { code: 'MACHINE_PORT_CLOSED', message: expect.stringContaining(hostGateway) },
        })
        // What AWS says does not keep it from trying.
        expect(states.topics).toBe('good')
      }, 60_000)

      it('a group that lets others in needs a look, one that lets us in is good', async () => {
        const open = (CidrIp: string) =>
          ec2.send(
            new AuthorizeSecurityGroupIngressCommand({
              GroupName: 'default',
              IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp }] }],
            }),
          )
        await open('203.0.113.0/24')
        expect((await examine()).of('securityGroup')).toMatchObject({
          state: 'warn',
          faults: ['F-03'],
          problem: { message: expect.stringContaining('203.0.113.0/24') },
        })
        await open(`${hostGateway}/32`)
        expect((await examine()).of('securityGroup')).toMatchObject({
          state: 'good',
          text: expect.stringContaining(`${hostGateway}/32`),
        })
      }, 60_000)

      it('a stopped instance (F-03, F-04): the app can start it, and nobody waits for what cannot answer', async () => {
        await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }))
        const { code, of, states } = await examine()
        expect(code).toBe(1)
        expect(of('instance')).toMatchObject({
          state: 'bad',
          faults: ['F-03', 'F-04'],
          problem: { code: 'MACHINE_NOT_RUNNING' },
          action: { kind: 'startInstance', instance: id },
        })
        expect([states.tcp, states.kafkaUnit, states.topics]).toEqual(['skipped', 'skipped', 'skipped'])
      }, 60_000)

      it('no connection to AWS: said, and the machine is looked at all the same', async () => {
        // It is chosen all the same, and says at once that it does not work.
        expect((await cli('aws', 'use', 'work', '--endpoint', 'http://127.0.0.1:9')).code).toBe(1)
        const { of, states } = await examine()
        expect(of('credentials')).toMatchObject({ state: 'bad', action: { kind: 'open', page: '/aws' } })
        expect([states.instance, states.securityGroup, states.signIn, states.topics]).toEqual([
          'skipped',
          'skipped',
          'good',
          'good',
        ])
      }, 60_000)
    })

    it('refuses a pipeline of this computer', async () => {
      const { code, err } = await cli('doctor', 'this-computer')
      expect([code, err]).toEqual([1, expect.stringContaining('DOCTOR_NOT_HERE')])
    })
  })
}
