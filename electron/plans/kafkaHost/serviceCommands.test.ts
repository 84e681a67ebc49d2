import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import {
  actionScript,
  lastLinesScript,
  lookScript,
  parseLook,
  parseSizes,
  sizesScript,
} from './serviceCommands.ts'

const block = (unit: string, over: Record<string, string> = {}) =>
  Object.entries({
    unit,
    Id: unit,
    LoadState: 'loaded',
    ActiveState: 'active',
    SubState: 'running',
    Result: 'success',
    Description: 'Apache Kafka 4.3.1 on Java 17.0.15 (Pipeline Control)',
    StateChangeTimestamp: 'Sun 2026-11-29 23:38:33 UTC',
    UnitFileState: 'enabled',
    NRestarts: '2',
    MainPID: '109',
    ExecMainCode: '0',
    ExecMainStatus: '0',
    MemoryCurrent: '421527552',
    CPUUsageNSec: '12345678901',
    NeedDaemonReload: 'no',
    resident: '361000000',
    cpu: '11000',
    ...over,
  }).map(([name, value]) => `${name}=${value}`)

const head = [
  'now=1795995513178',
  'cpus=2',
  'up=3600.25',
  'load=0.10 0.20 1.50',
  'total=1021030400',
  'available=400000000',
  'disk=8417406976 5383660032 /',
  'disk=8417406976 5383660032 /',
  'owner=cloud',
]
const missing = { LoadState: 'not-found', ActiveState: 'inactive', SubState: 'dead', MainPID: '0' }
const look = (over: Record<string, string> = {}) =>
  parseLook([
    ...head,
    ...block('pipeline-kafka.service', over),
    ...block('pipeline-gateway.service', missing),
    ...block('pipeline-confluent.service', missing),
  ])

describe('what a host says of our services', () => {
  it('is read whole', () => {
    expect(look()).toMatchObject({
      at: 1_795_995_513_178,
      owner: 'cloud',
      machine: {
        cpus: 2,
        load: [0.1, 0.2, 1.5],
        upMs: 3_600_250,
        memory: { total: 1_021_030_400, available: 400_000_000 },
        // Both folders lie on the same file system.
        disks: [{ path: '/', total: 8_417_406_976, free: 5_383_660_032 }],
      },
      services: [
        {
          id: 'kafka',
          unit: 'pipeline-kafka.service',
          installed: true,
          version: 'Apache Kafka 4.3.1 on Java 17.0.15',
          state: 'active',
          since: Date.UTC(2026, 10, 29, 23, 38, 33),
          restarts: 2,
          pid: 109,
          ended: null,
          memory: 421_527_552,
          resident: 361_000_000,
          cpuMs: 12_346,
          changed: false,
        },
        { id: 'gateway', installed: false, version: '', pid: null },
        { id: 'confluent', installed: false },
      ],
    })
  })

  it('is not known where systemd does not count', () => {
    for (const unknown of ['[not set]', '18446744073709551615'])
      expect(look({ MemoryCurrent: unknown, CPUUsageNSec: unknown })?.services[0]).toMatchObject({
        memory: null,
        // Then that of its main process counts.
        cpuMs: 11_000,
      })
  })

  it.each([
    ['exit-code', '1', '137', 'exit code 137'],
    ['signal', '2', '9', 'signal 9'],
    ['oom-kill', '2', '9', 'signal 9 (oom-kill)'],
    ['timeout', '1', '0', 'timeout, exit code 0'],
    ['resources', '0', '0', 'resources'],
    ['success', '2', '15', null],
  ])('names how it ended: %s', (Result, ExecMainCode, ExecMainStatus, ended) => {
    expect(look({ Result, ExecMainCode, ExecMainStatus })?.services[0]?.ended).toBe(ended)
  })

  it('is none where something else answers', () => {
    expect(parseLook(['This account is currently not available.'])).toBe(null)
    expect(parseLook([...head, ...block('pipeline-kafka.service')])).toBe(null)
  })

  it('counts the folders that are there', () => {
    expect(parseSizes('12\t/var/lib/pipeline-control/kafka\n')).toEqual([
      { path: '/var/lib/pipeline-control/kafka', what: 'The messages', bytes: 12_288 },
    ])
    expect(parseSizes('')).toEqual([])
  })
})

it('a unit that failed too often is forgiven before it is started again', () => {
  expect(actionScript('gateway', 'stop')).toBe('systemctl stop pipeline-gateway.service')
  expect(actionScript('kafka', 'start')).toBe(
    'systemctl reset-failed pipeline-kafka.service 2>/dev/null; systemctl start pipeline-kafka.service',
  )
})

it.each([lookScript, sizesScript, actionScript('kafka', 'restart'), lastLinesScript('kafka', 10)])(
  'bash can read script %#',
  (script) => {
    execFileSync('bash', ['-n', '-c', script])
  },
)
