import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { addressesScript } from '../../clients/reach.ts'
import { causeIn, parseUnit, unitScript } from './doctorCommands.ts'
import { judgeUnit } from './unitLooks.ts'

const hostile = ["a'; rm -rf /; '", '$(reboot)', '-x', 'a b', '`id`']

it('asks in words that a shell takes, whatever the names are', () => {
  for (const name of hostile)
    for (const script of [unitScript(name, 8_082), addressesScript(name)])
      execFileSync('bash', ['-n'], { input: script })
  expect(unitScript('pipeline-gateway.service', 8_082)).toBe(
    `systemctl show pipeline-gateway.service --property=LoadState,ActiveState,SubState,UnitFileState,NRestarts,MainPID,ExecMainStatus
for pid in $(ss -Hltnp 'sport = :8082' 2>/dev/null | grep -o 'pid=[0-9]*' | cut -d= -f2 | sort -u); do
  printf "holder=%s %s %s\\n" "$pid" "$(tr -d " " < /proc/$pid/comm)" "$(sed -n "s|.*/||p" /proc/$pid/cgroup | tail -n 1)"
done
journalctl -u pipeline-gateway.service -n 12 --no-pager -o cat 2>/dev/null | sed 's/^/log=/'; true`,
  )
  expect(addressesScript("b-1'.x")).toBe(`getent ahosts -- 'b-1'\\''.x' | cut -d' ' -f1 | sort -u; true`)
})

const running = [
  'LoadState=loaded',
  'ActiveState=active',
  'SubState=running',
  'UnitFileState=enabled',
  'MainPID=70',
]
const gateway = {
  name: 'The proxy',
  unit: 'pipeline-gateway.service',
  port: 8_082,
  step: 'proxy',
  wanted: false,
} as const
const judge = (lines: readonly string[], wanted = false) =>
  judgeUnit({ ...gateway, wanted }, parseUnit(lines))

describe('judgeUnit', () => {
  it('good where it runs, starts at boot and has its port', () => {
    expect(judge([...running, 'holder=70 node pipeline-gateway.service', 'log=ready'])).toEqual({
      state: 'good',
      text: 'pipeline-gateway.service is running, process 70',
    })
  })

  it('not used where it was never set up, and offered where nothing else is', () => {
    expect(judge(['LoadState=not-found', 'ActiveState=inactive'])).toMatchObject({ state: 'unused' })
    expect(judge(['LoadState=not-found', 'ActiveState=inactive'], true)).toMatchObject({
      state: 'warn',
      action: { kind: 'setUp', step: 'proxy' },
    })
  })

  it('another program at its port is named with how to stop it (F-28)', () => {
    const taken = judge([...running, 'holder=9 java confluent-kafka-rest.service', 'log=EADDRINUSE'])
    expect(taken).toMatchObject({ state: 'bad', faults: ['F-28'], problem: { code: 'DOCTOR_PORT_TAKEN' } })
    expect(taken.problem?.hint).toContain('systemctl disable --now confluent-kafka-rest.service')
    const loose = judge([...running, 'holder=9 java session-3.scope'])
    expect(loose.problem?.hint).toContain('sudo kill 9')
  })

  it('stopped (F-25), failing with its cause, not at boot, restarted too often', () => {
    expect(judge(['LoadState=loaded', 'ActiveState=inactive', 'SubState=dead'])).toMatchObject({
      state: 'bad',
      faults: ['F-25'],
      problem: { code: 'DOCTOR_UNIT_DOWN' },
    })
    const failing = [
      'LoadState=loaded',
      'ActiveState=activating',
      'SubState=auto-restart',
      'ExecMainStatus=3',
    ]
    expect(judge([...failing, 'log=java.lang.OutOfMemoryError: Java heap space'])).toMatchObject({
      faults: ['F-26'],
      problem: {
        code: 'DOCTOR_UNIT_FAILS',
        message: expect.stringContaining('exit 3, it ran out of memory'),
      },
    })
    expect(judge(running.filter((line) => !line.startsWith('UnitFile')))).toMatchObject({
      state: 'warn',
      problem: { code: 'DOCTOR_UNIT_NOT_AT_BOOT' },
    })
    expect(judge([...running, 'NRestarts=9', 'log=Error: listen EADDRINUSE'])).toMatchObject({
      state: 'warn',
      faults: ['F-28'],
    })
  })
})

it('causeIn takes the newest line that says something', () => {
  expect(causeIn([])).toBeNull()
  expect(causeIn(['all is well'])).toBeNull()
  const log = ['java.lang.OutOfMemoryError', 'Error: listen EADDRINUSE: address already in use', 'bye']
  expect(causeIn(log)?.faults).toEqual(['F-28'])
  expect(causeIn(['No resolvable bootstrap urls given in bootstrap.servers'])?.faults).toEqual(['F-19'])
})
