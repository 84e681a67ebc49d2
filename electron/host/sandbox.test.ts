import { expect, it } from 'vitest'
import { sandboxWorks } from './sandbox.ts'

const ordinary = { uid: 1000, mode: 0o100755 }
const helper = { uid: 0, mode: 0o104755 }
const having = (files: Readonly<Record<string, string>>) => (file: string) => files[file] ?? null
const apparmor = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns'

it('works where a program may make namespaces', () => {
  expect(sandboxWorks(having({}), ordinary)).toBe(true)
  expect(
    sandboxWorks(having({ [apparmor]: '0\n', '/proc/sys/user/max_user_namespaces': '31420\n' }), undefined),
  ).toBe(true)
})

it.each([
  [apparmor, '1\n'],
  ['/proc/sys/kernel/unprivileged_userns_clone', '0\n'],
  ['/proc/sys/user/max_user_namespaces', '0\n'],
])('needs its helper, owned by root, where %s is %j', (file, value) => {
  expect(sandboxWorks(having({ [file]: value }), ordinary)).toBe(false)
  expect(sandboxWorks(having({ [file]: value }), { ...helper, mode: 0o100755 })).toBe(false)
  expect(sandboxWorks(having({ [file]: value }), helper)).toBe(true)
})
