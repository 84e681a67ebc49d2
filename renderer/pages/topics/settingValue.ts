/** A setting's value as a person reads it beside Kafka's own number. */
import { bytes, duration } from '../../components/format.ts'

/** "7 d 0 h" for 604800000 of `retention.ms`; null where the value says enough. */
export function inWords(name: string, value: string): string | null {
  if (!/^-?\d+$/.test(value)) return null
  const number = Number(value)
  if (number === -1 && /^(retention|max\.compaction|local\.retention)/.test(name)) return 'no limit'
  // Java's largest long: Kafka's way to say "never".
  if (value === '9223372036854775807') return 'never'
  if (number < 0) return null
  if (name.endsWith('.ms')) return number < 1_000 ? null : duration(number)
  return name.endsWith('.bytes') && number >= 1_000 ? bytes(number) : null
}
