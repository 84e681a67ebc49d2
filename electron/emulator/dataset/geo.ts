/** A row of `geolocation_data`: a random place and moment; the coordinates do not match the country in the real table either. */
import type { Geo } from '../../../shared/posts.ts'
import { makeMoment } from './moment.ts'
import type { RowRandom } from './randomizer.ts'

/** First and last timestamp and the outermost coordinates seen in the real table. */
const first = Date.UTC(2017, 9, 20, 9, 27, 16)
const last = Date.UTC(2022, 9, 18, 15, 43, 0)
const latitude = { min: -89.98, max: 89.83 } as const
const longitude = { min: -179.91, max: 178.58 } as const

/** Share of rows whose country is drawn from the names with A (Albania, Aruba, Algeria …). */
const shareOfA = 0.35

export function makeGeo(random: RowRandom, index: number): Geo {
  return {
    ind: index,
    timestamp: makeMoment(random, first, last),
    latitude: makeDegrees(random, latitude),
    longitude: makeDegrees(random, longitude),
    country: makeCountry(random),
  }
}

/** A MySQL FLOAT comes back with six significant digits. */
function makeDegrees(random: RowRandom, { min, max }: { min: number; max: number }): number {
  return Number((min + random.next() * (max - min)).toPrecision(6))
}

function makeCountry(random: RowRandom): string {
  const countries = random.faker.definitions.location.country
  const skewed = random.next() < shareOfA
  return random.pick(skewed ? countries.filter((name) => name.startsWith('A')) : countries)
}
