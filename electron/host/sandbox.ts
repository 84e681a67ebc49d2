/** Whether Chromium's sandbox works on this Linux: without it Electron ends at once, and we never switch it off (decision 20). */

/** Each forbids an ordinary program the user namespace that the sandbox is made of: Ubuntu 24.04, old Debian, hardened systems. */
const forbidding: readonly (readonly [file: string, value: string])[] = [
  ['/proc/sys/kernel/apparmor_restrict_unprivileged_userns', '1'],
  ['/proc/sys/kernel/unprivileged_userns_clone', '0'],
  ['/proc/sys/user/max_user_namespaces', '0'],
]

const setUserId = 0o4000

/** `read` answers null for a file that is not there; `helper` is what `chrome-sandbox` is, beside Electron's program. */
export function sandboxWorks(
  read: (file: string) => string | null,
  helper: { readonly uid: number; readonly mode: number } | undefined,
): boolean {
  if (helper !== undefined && helper.uid === 0 && (helper.mode & setUserId) !== 0) return true
  return !forbidding.some(([file, value]) => read(file)?.trim() === value)
}
