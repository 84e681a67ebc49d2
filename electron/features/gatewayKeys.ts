/** The API keys of gateways, held for this session in memory only; each belongs to the address its pipeline has now. */
import { type Secret, secret } from '../lib/secret.ts'

export interface GatewayKeys {
  get(pipeline: string): Secret | null
  /** Null forgets it. */
  set(pipeline: string, key: string | null): void
}

export function openGatewayKeys(): GatewayKeys {
  const held = new Map<string, Secret>()
  const nameOf = (pipeline: string) => `gateway:${pipeline}`
  return {
    get: (pipeline) => held.get(nameOf(pipeline)) ?? null,
    set: (pipeline, key) => {
      if (key === null) held.delete(nameOf(pipeline))
      else held.set(nameOf(pipeline), secret(key))
    },
  }
}
