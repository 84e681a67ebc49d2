/** One client of the AWS SDK for one piece of work. */
import { awsError } from './errors.ts'

/** Closes it afterwards. Rejects with AppError; `what` is what the call was about. */
export async function withClient<Client extends { destroy(): void }, T>(
  client: Client,
  what: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  try {
    return await work(client)
  } catch (thrown) {
    throw awsError(thrown, what)
  } finally {
    client.destroy()
  }
}
