/** Which of the well-known faults of this pipeline a failure fits (docs/doctor.md lists them). */
import type { DoctorLinkId } from '../../../shared/doctor.ts'

const byCode: Readonly<Record<string, readonly string[]>> = {
  SSH_AUTH: ['F-01'],
  SSH_KEY_MODE: ['F-01'],
  SSH_KEY_EMPTY: ['F-02'],
  SSH_KEY_NO_BEGIN: ['F-02'],
  SSH_KEY_NO_END: ['F-02'],
  SSH_KEY_ONE_LINE: ['F-02'],
  SSH_KEY_NOT_PRIVATE: ['F-02'],
  SSH_KEY_FORMAT: ['F-02'],
  SSH_KEY_DAMAGED: ['F-02'],
  SSH_KEY_PUBLIC: ['F-02'],
  SSH_KEY_PUTTY: ['F-02'],
  SSH_TIMEOUT: ['F-03', 'F-04'],
  SSH_UNREACHABLE: ['F-03', 'F-04'],
  SSH_NAME_UNKNOWN: ['F-04'],
  KAFKA_TOPIC_NOT_FOUND: ['F-35'],
  KAFKA_TOPIC_AUTHORIZATION: ['F-13'],
  KAFKA_GROUP_AUTHORIZATION: ['F-14'],
  KAFKA_TLS_WANTED: ['F-08', 'F-21'],
  KAFKA_CONNECT_DENIED: ['F-10'],
  AWS_ROLE_REFUSED: ['F-11'],
  KAFKA_TOO_MANY_CONNECTS: ['F-15'],
  KAFKA_PRINCIPAL_CHANGED: ['F-16'],
  GATEWAY_FORBIDDEN: ['F-31'],
  GATEWAY_NOT_FOUND: ['F-32'],
  GATEWAY_STRANGE: ['F-32'],
  GATEWAY_TIMED_OUT: ['F-30'],
  GATEWAY_UNREACHABLE: ['F-30'],
  GATEWAY_SILENT: ['F-30'],
  GATEWAY_FAILED: ['F-29'],
}

/** Where the code alone does not say it, the link does. */
const byLink: Readonly<Partial<Record<DoctorLinkId, readonly string[]>>> = {
  proxy: ['F-30'],
  brokerNames: ['F-19'],
  brokerPort: ['F-09'],
  advertised: ['F-09', 'F-19'],
}

/** Empty where it fits none. `code` is absent where nothing is wrong. */
export function faultsOf(code: string | undefined, link: DoctorLinkId): string[] {
  if (code === undefined) return []
  return [...(byCode[code] ?? byLink[link] ?? [])]
}
