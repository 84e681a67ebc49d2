/** Each rule of the cleaning, with a row that needs it (facts: pipeline 5.2): cases of `cleaning.test.ts`, and of the soak's other Sparks. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { goodNotebook } from '../helpers/spark.ts'

type Row = Readonly<Record<string, unknown>>

const pin = {
  unique_id: 'fbe53c66-3442-4773-b19e-d3ec6f54dddf',
  title: 'A title',
  description: 'A description',
  poster_name: 'Ann',
  follower_count: '437',
  tag_list: 'a,b,c',
  is_image_or_video: 'image',
  image_src: 'https://i.pinimg.com/originals/a.jpg',
  downloaded: 1,
  save_location: 'Local save in /data/art',
  category: 'art',
}
const geo = { timestamp: '2020-08-28 03:52:47', latitude: -89.9787, longitude: -173.293, country: 'Albania' }
const user = { first_name: 'Abigail', last_name: 'Ali', age: 20, date_joined: '2015-10-24 11:23:51' }

/** `requirements`: of an environment other than the product's. */
export function cleaningCases(requirements?: string): void {
  let folder: string
  let pins: readonly Row[] = []
  let places: readonly Row[] = []
  let people: readonly Row[] = []
  /** Rows by what they show; written in this order, each with its place as its number. */
  const given: Record<'pin' | 'geo' | 'user', { name: string; row: unknown }[]> = {
    pin: [],
    geo: [],
    user: [],
  }
  const add = (kind: 'pin' | 'geo' | 'user', name: string, row: Row) => given[kind].push({ name, row })
  const nth = (kind: 'pin' | 'geo' | 'user', name: string) =>
    given[kind].findIndex((each) => each.name === name)
  const pinOf = (name: string) => pins.find(({ ind }) => ind === nth('pin', name))
  const geoOf = (name: string) => places.find(({ ind }) => ind === nth('geo', name))
  const userOf = (name: string) => people.find(({ ind }) => ind === nth('user', name))

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cleaning-'))
    add('pin', 'whole', pin)
    for (const [field, value] of [
      ['title', 'No Title Data Available'],
      ['description', 'No description available Story format'],
      ['description', 'No description available'],
      ['description', 'Untitled'],
      ['poster_name', 'User Info Error'],
      ['follower_count', 'User Info Error'],
      ['tag_list', 'N,o, ,T,a,g,s, ,A,v,a,i,l,a,b,l,e'],
      ['image_src', 'Image src error.'],
      ['category', ''],
      ['title', '   '],
    ])
      add('pin', `nothing ${field} ${value}`, { ...pin, [field ?? '']: value })
    // A word of the list within a longer text, and the placeholder of another column, are texts like any other.
    add('pin', 'almost', {
      ...pin,
      image_src: 'Image src error',
      title: 'Untitled work',
      poster_name: 'Untitled',
    })
    for (const followers of ['28k', '8M', '1.5k', '0', 'many', '12 k'])
      add('pin', `followers ${followers}`, { ...pin, follower_count: followers })
    add('pin', 'elsewhere', { ...pin, save_location: '/data/Local save in /b' })
    add('pin', 'without', { unique_id: 'only an id' })

    add('geo', 'blank', geo)
    add('geo', 'T', { ...geo, timestamp: '2020-08-28T03:52:47' })
    add('geo', 'parts', { ...geo, timestamp: '2020-08-28 03:52:47.123456' })
    add('geo', 'no time', { ...geo, timestamp: 'yesterday' })
    add('geo', 'half', { ...geo, latitude: null })
    add('user', 'both', user)
    add('user', 'one name', { ...user, last_name: '' })
    add('user', 'no time', { ...user, date_joined: '' })

    for (const kind of ['pin', 'geo', 'user'] as const) {
      // Three partitions, and lines that are none of ours.
      const lines = given[kind].map(({ row }, at) =>
        JSON.stringify({ [kind === 'pin' ? 'index' : 'ind']: at, ...(row as object) }),
      )
      for (const partition of [0, 1, 2]) {
        const place = join(folder, 'topics', `learner.${kind}`, `partition=${partition}`)
        await mkdir(place, { recursive: true })
        const own = lines.filter((_, at) => at % 3 === partition)
        const odd = ['null', '{"__not_json__":"hello"}', '{"anything":1}']
        await writeFile(
          join(place, `learner.${kind}+${partition}+0000000000.json`),
          `${[...odd, ...own].join('\n')}\n`,
        )
      }
    }
    const { tables } = await goodNotebook({
      file: 'tests/notebooks/cleaned.py',
      folder: join(folder, 'spark'),
      widgets: { user_id: 'learner', lake: join(folder, 'topics') },
      ...(requirements === undefined ? {} : { requirements }),
    })
    ;[pins = [], places = [], people = []] = tables
  }, 1_800_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('all partitions are read, and lines that are no record of ours are left out', () => {
    expect(pins.map(({ ind }) => ind)).toEqual(given.pin.map((_, at) => at))
    expect(places).toHaveLength(given.geo.length)
    expect(people).toHaveLength(given.user.length)
  })

  it('the columns have the brief’s names and order; downloaded is left out', () => {
    expect(Object.keys(pins[0] ?? {}).join()).toBe(
      'ind,unique_id,title,description,follower_count,poster_name,tag_list,is_image_or_video,image_src,save_location,category',
    )
    expect(Object.keys(places[0] ?? {}).join()).toBe('ind,country,coordinates,timestamp')
    expect(Object.keys(people[0] ?? {}).join()).toBe('ind,user_name,age,date_joined')
  })

  it('placeholders and empty texts become nothing, and nothing else does (F-63)', () => {
    const whole = pinOf('whole')
    expect(Object.values(whole ?? { a: null })).not.toContain(null)
    for (const { name } of given.pin.filter((each) => each.name.startsWith('nothing'))) {
      const [, field = ''] = name.split(' ')
      const found = pinOf(name)
      expect(found?.[field], name).toBeNull()
      expect(
        Object.values(found ?? {}).filter((value) => value === null),
        name,
      ).toHaveLength(1)
    }
    expect(pinOf('almost')).toMatchObject({
      image_src: 'Image src error',
      title: 'Untitled work',
      poster_name: 'Untitled',
    })
  })

  it('follower counts become numbers; what is none becomes nothing', () => {
    const followers = Object.fromEntries(
      ['28k', '8M', '1.5k', '0', 'many', '12 k'].map((text) => [
        text,
        pinOf(`followers ${text}`)?.follower_count,
      ]),
    )
    expect(followers).toEqual({
      '28k': 28_000,
      '8M': 8_000_000,
      '1.5k': 1_500,
      '0': 0,
      many: null,
      '12 k': null,
    })
  })

  it('the save location loses its beginning, and only that', () => {
    expect(pinOf('whole')?.save_location).toBe('/data/art')
    expect(pinOf('elsewhere')?.save_location).toBe('/data/Local save in /b')
  })

  it('latitude and longitude are one, in this order; times are times, with a blank or a T', () => {
    expect(geoOf('blank')).toMatchObject({
      coordinates: [-89.9787, -173.293],
      timestamp: '2020-08-28T03:52:47',
    })
    expect(geoOf('T')?.timestamp).toBe('2020-08-28T03:52:47')
    expect(geoOf('parts')?.timestamp).toBe('2020-08-28T03:52:47')
    expect(geoOf('no time')?.timestamp).toBeNull()
    expect(geoOf('half')?.coordinates).toEqual([null, -173.293])
  })

  it('names are joined with a blank; whoever has one name keeps it', () => {
    expect(userOf('both')).toMatchObject({
      user_name: 'Abigail Ali',
      age: 20,
      date_joined: '2015-10-24T11:23:51',
    })
    expect(userOf('one name')?.user_name).toBe('Abigail')
    expect(userOf('no time')?.date_joined).toBeNull()
  })
}
