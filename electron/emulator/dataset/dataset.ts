/** The built-in dataset: 11,154 posts generated from a seed, each row the same whoever asks for it and when. */
import type { Post } from '../../../shared/posts.ts'
import { makeGeo } from './geo.ts'
import { makePin } from './pin.ts'
import { createRowRandom } from './randomizer.ts'
import { plainRow, withReference } from './reference.ts'
import { makeUser } from './user.ts'

/** Rows 0 to 11153, as in the real tables. */
export const datasetSize = 11_154

/** A reader of the dataset of one seed. `index` is 0 to `datasetSize` − 1. */
export function createDataset(seed: number): (index: number) => Post {
  const random = createRowRandom()
  return (index) => {
    random.startRow(seed, index)
    const pin = makePin(random, index, plainRow(index))
    const geo = makeGeo(random, index)
    const user = makeUser(random, index)
    return withReference({ pin, geo, user })
  }
}
