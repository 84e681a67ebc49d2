/** What is wrong with the text of an API key, in words. */
import { gatewayKeySchema } from '../../../shared/settings.ts'

export function gatewayKeyError(key: string): string | undefined {
  return gatewayKeySchema.safeParse(key).error?.issues[0]?.message
}
