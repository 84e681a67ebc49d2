/** What was chosen as the contract's own words; null while it is not complete. */
import type { ResetTo } from '../../../shared/contract/groups.ts'

/** `value` is a local time, an offset or a number of records, as `to` asks for. */
export function resetTo(to: ResetTo['to'], value: string): ResetTo | null {
  if (to === 'offset') return /^\d+$/.test(value) ? { to, offset: value } : null
  if (to === 'shift') {
    const by = Number(value)
    return value.trim() !== '' && Number.isSafeInteger(by) ? { to, by } : null
  }
  if (to === 'time') {
    const time = Date.parse(value)
    return Number.isNaN(time) ? null : { to, time }
  }
  return { to }
}
