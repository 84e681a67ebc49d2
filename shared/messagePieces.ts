/** A large message travels in pieces: one frame of 20 MB would stand in everybody's way while it is read. */
import type { Message, MessagePiece } from './contract/topics.ts'

/** Characters of one piece: written, read and checked within a few ms at both ends. */
const pieceCharacters = 256 * 1024

/** The first piece says everything but the value's data, which comes in the others. */
export function* piecesOf(message: Message): Generator<MessagePiece, void, void> {
  const { value } = message
  yield { message: value === null ? message : { ...message, value: { ...value, data: '' } }, data: '' }
  const data = value?.data ?? ''
  for (let at = 0; at < data.length; at += pieceCharacters)
    yield { message: null, data: data.slice(at, at + pieceCharacters) }
}

/** The message they are pieces of. Throws what the stream throws, and where it ended before it began. */
export async function joined(pieces: AsyncIterable<MessagePiece>): Promise<Message> {
  let first: Message | null = null
  const data: string[] = []
  for await (const piece of pieces) {
    first ??= piece.message
    data.push(piece.data)
  }
  if (first === null) throw new Error('The message ended before it began.')
  return first.value === null ? first : { ...first, value: { ...first.value, data: data.join('') } }
}
