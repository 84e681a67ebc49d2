/** What is wrong with the text of a password, in words. */
import { kafkaPasswordSchema } from '../../../shared/settings.ts'

export function kafkaPasswordError(password: string): string | undefined {
  return kafkaPasswordSchema.safeParse(password).error?.issues[0]?.message
}
