/** One message whole, put together of the pieces it comes in. */
import type { Message } from '../../shared/contract/topics.ts'
import { joined } from '../../shared/messagePieces.ts'
import { client } from './client.ts'

type Place = Parameters<typeof client.topics.message>[0]

export const wholeMessage = async (place: Place, options: { signal?: AbortSignal } = {}): Promise<Message> =>
  joined(await client.topics.message(place, options))
