import { describe, expect, it } from 'vitest'
import { listeningInode, parseProcStat, systemOf, treeOf } from './platformOs.ts'

describe('Linux', () => {
  const linux = systemOf('linux')

  it('asks /proc, never a program that may be missing', () => {
    expect([linux.processes, linux.processStart(1), linux.portHolder(1), linux.endTree(1)]).toEqual([
      null,
      null,
      null,
      null,
    ])
    expect(linux.listSeparator).toBe(':')
    expect(linux.executable('java')).toBe('java')
    expect(linux.script('mvn')).toEqual({ program: 'mvn', shell: false })
  })

  it('reads parent and start behind any process name, and no zombie', () => {
    const rest = '77 1 1 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 9 0 4242 0 0'
    expect(parseProcStat(`12 (a) S 1 (b c) S ${rest}`)).toEqual({ parent: 77, start: '4242' })
    expect(parseProcStat(`12 (java) Z ${rest}`)).toBeNull()
    expect(parseProcStat('')).toBeNull()
  })

  it('finds the listening socket, not a connection from that port', () => {
    const table =
      '  sl  local_address rem_address st\n   0: 0100007F:1F92 0100007F:1 01 0:0 0:0 0 0 0 9 1\n   1: 0100007F:1F92 00000000:0000 0A 0:0 0:0 0 0 0 4711 1'
    expect(listeningInode(table, 8082)).toBe('4711')
    expect(listeningInode(table, 8083)).toBeNull()
  })
})

describe('macOS', () => {
  const darwin = systemOf('darwin')

  it('asks ps and lsof', () => {
    expect(darwin.processes).toEqual({ program: 'ps', args: ['-axww', '-o', 'pid=,ppid=,command='] })
    expect(darwin.processStart(7)).toEqual({ program: 'ps', args: ['-o', 'lstart=', '-p', '7'] })
    expect(darwin.portHolder(9092)?.args).toEqual(['-nP', '-iTCP:9092', '-sTCP:LISTEN', '-Fpc'])
    expect(darwin.endTree(7)).toBeNull()
    expect(darwin.listSeparator).toBe(':')
    expect(darwin.executable('java')).toBe('java')
  })

  it('reads their answers', () => {
    expect(
      darwin.parseProcesses('    1     0 /sbin/launchd\n  812     1 java -cp a:b kafka.Kafka x\n'),
    ).toEqual([
      { pid: 1, parent: 0, command: '/sbin/launchd' },
      { pid: 812, parent: 1, command: 'java -cp a:b kafka.Kafka x' },
    ])
    expect(darwin.parsePortHolder('p123\ncjava\n')).toEqual({ pid: 123, name: 'java' })
    expect(darwin.parsePortHolder('')).toBeNull()
  })
})

describe('Windows', () => {
  const windows = systemOf('win32')

  it('asks PowerShell, ends trees with taskkill, and runs scripts through a shell', () => {
    expect(windows.processes?.program).toBe('powershell.exe')
    expect(windows.processStart(7)?.args.at(-1)).toBe('(Get-Process -Id 7).StartTime.ToFileTimeUtc()')
    expect(windows.portHolder(9092)?.args.at(-1)).toContain('-LocalPort 9092')
    expect(windows.endTree(7)).toEqual({ program: 'taskkill.exe', args: ['/PID', '7', '/T', '/F'] })
    expect(windows.listSeparator).toBe(';')
    expect(windows.executable('java')).toBe('java.exe')
    expect(windows.script('mvn')).toEqual({ program: 'mvn.cmd', shell: true })
  })

  it('reads its answers, one process or many', () => {
    const row = '{"ProcessId":8,"ParentProcessId":4,"CommandLine":"java -cp a;b kafka.Kafka C:\\\\x"}'
    const read = { pid: 8, parent: 4, command: 'java -cp a;b kafka.Kafka C:\\x' }
    expect(windows.parseProcesses(row)).toEqual([read])
    expect(windows.parseProcesses(`[${row},{"ProcessId":4,"ParentProcessId":0,"CommandLine":null}]`)).toEqual(
      [read, { pid: 4, parent: 0, command: '' }],
    )
    expect(windows.parsePortHolder('4321 java\r\n')).toEqual({ pid: 4321, name: 'java' })
    expect(windows.parsePortHolder('')).toBeNull()
  })
})

it('walks a tree of processes, parents first, also where pids form a ring', () => {
  const row = (pid: number, parent: number) => ({ pid, parent, command: '' })
  expect(treeOf(5, [row(9, 7), row(7, 5), row(6, 5), row(2, 1)])).toEqual([5, 7, 6, 9])
  expect(treeOf(5, [row(5, 6), row(6, 5)])).toEqual([5, 6])
})
