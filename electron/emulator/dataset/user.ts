/** A row of `user_data`: age 20 to 60 with most at 20, joined between October 2015 and October 2017. */
import type { User } from '../../../shared/posts.ts'
import { makeMoment } from './moment.ts'
import type { RowRandom } from './randomizer.ts'

/** Joining periods with their share; the original's output had 79, 94 and 35 users of 2015, 2016 and 2017. */
const periods = [
  { upTo: 79 / 208, first: Date.UTC(2015, 9, 21), last: Date.UTC(2015, 11, 31, 23, 59, 59) },
  { upTo: 173 / 208, first: Date.UTC(2016, 0, 1), last: Date.UTC(2016, 11, 31, 23, 59, 59) },
  { upTo: 1, first: Date.UTC(2017, 0, 1), last: Date.UTC(2017, 9, 20, 23, 59, 59) },
] as const

const youngest = 20
const oldest = 60

export function makeUser(random: RowRandom, index: number): User {
  return {
    ind: index,
    first_name: random.faker.person.firstName(),
    last_name: random.faker.person.lastName(),
    age: youngest + Math.floor((oldest - youngest + 1) * random.next() ** 2),
    date_joined: makeJoined(random),
  }
}

function makeJoined(random: RowRandom): string {
  const drawn = random.next()
  const period = periods.find(({ upTo }) => drawn < upTo) ?? periods[2]
  return makeMoment(random, period.first, period.last)
}
