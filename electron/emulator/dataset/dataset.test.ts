import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { geoSchema, type Pin, type Post, pinSchema, userSchema } from '../../../shared/posts.ts'
import { createDataset, datasetSize } from './dataset.ts'
import { placeholders, storyFormat } from './pin.ts'

let posts: Post[] = []
beforeAll(() => {
  const make = createDataset(100)
  posts = Array.from({ length: datasetSize }, (_, index) => make(index))
})
const share = (is: (post: Post) => boolean) => posts.filter(is).length / posts.length

describe('the built-in dataset', () => {
  it('is the same everywhere, for ever: golden hash of all rows', () => {
    const hash = createHash('sha256')
    for (const { pin, geo, user } of posts) hash.update(`${JSON.stringify([pin, geo, user])}\n`)
    expect(hash.digest('hex')).toBe('dc7f68a6af4ab14f9746d41a7541a7a2435dcc1388dc3ef59ebdfa2d25ea1cb2')
  })

  it('gives a row that does not depend on who asked before', () => {
    const make = createDataset(100)
    for (const index of [11_153, 0, 7528, 42, 42]) expect(make(index)).toEqual(posts[index])
    expect(createDataset(101)(42)).not.toEqual(posts[42])
  })

  it('has the columns of the real tables, in their order, and valid values', () => {
    const post = posts[42]
    expect(Object.keys(post?.pin ?? {})).toEqual(
      'index unique_id title description poster_name follower_count tag_list is_image_or_video image_src downloaded save_location category'.split(
        ' ',
      ),
    )
    expect(Object.keys(post?.geo ?? {})).toEqual(['ind', 'timestamp', 'latitude', 'longitude', 'country'])
    expect(Object.keys(post?.user ?? {})).toEqual(['ind', 'first_name', 'last_name', 'age', 'date_joined'])
    posts.forEach(({ pin, geo, user }, index) => {
      pinSchema.parse(pin)
      geoSchema.parse(geo)
      userSchema.parse(user)
      expect([pin.index, geo.ind, user.ind]).toEqual([index, index, index])
    })
  })

  it('nests the placeholders as the original does', () => {
    const missing = (pin: Pin, column: keyof typeof placeholders) => pin[column] === placeholders[column]
    for (const { pin } of posts) {
      expect(missing(pin, 'description')).toBe(pin.is_image_or_video === storyFormat)
      expect(missing(pin, 'image_src')).toBe(pin.downloaded === 0)
      if (missing(pin, 'image_src')) expect(missing(pin, 'description')).toBe(true)
      if (missing(pin, 'title')) {
        for (const column of ['image_src', 'poster_name', 'follower_count', 'tag_list'] as const) {
          expect(missing(pin, column)).toBe(true)
        }
      } else {
        expect(missing(pin, 'poster_name') || missing(pin, 'follower_count')).toBe(false)
      }
    }
    expect(share(({ pin }) => missing(pin, 'description'))).toBeCloseTo(0.069, 2)
    expect(share(({ pin }) => missing(pin, 'image_src'))).toBeCloseTo(0.024, 2)
    expect(share(({ pin }) => missing(pin, 'title'))).toBeCloseTo(0.011, 2)
    expect(share(({ pin }) => missing(pin, 'tag_list'))).toBeCloseTo(0.015, 2)
    expect(share(({ pin }) => pin.is_image_or_video === 'video')).toBeCloseTo(0.03, 2)
  })

  it('has the values’ shapes and ranges', () => {
    const followers = posts.map(({ pin }) => pin.follower_count).filter((text) => text !== 'User Info Error')
    expect(followers.filter((text) => !/^\d+[kM]?$/.test(text))).toEqual([])
    expect(new Set(posts.map(({ pin }) => pin.category)).size).toBe(13)
    for (const { pin, geo, user } of posts) {
      expect(pin.save_location).toBe(`Local save in /data/${pin.category}`)
      if (pin.tag_list !== placeholders.tag_list) expect(new Set(pin.tag_list.split(',')).size).toBe(9)
      expect(pin.title.length).toBeLessThanOrEqual(199)
      expect(pin.description.length).toBeLessThanOrEqual(180)
      expect(geo.timestamp >= '2017-10-20 09:27:16' && geo.timestamp <= '2022-10-18 15:43:00').toBe(true)
      expect(user.date_joined >= '2015-10-21' && user.date_joined < '2017-10-21').toBe(true)
      expect(geo.latitude >= -89.98 && geo.latitude <= 89.83).toBe(true)
      expect(geo.longitude >= -179.91 && geo.longitude <= 178.58).toBe(true)
      expect(user.age >= 20 && user.age <= 60).toBe(true)
    }
    const ages = Map.groupBy(posts, ({ user }) => user.age)
    const mode = [...ages].reduce((most, age) => (age[1].length > most[1].length ? age : most))
    expect([ages.size, mode[0]]).toEqual([41, 20])
    expect(new Set(posts.map(({ geo }) => geo.country)).size).toBeGreaterThan(240)
    expect(share(({ geo }) => geo.country.startsWith('A'))).toBeGreaterThan(0.3)
  })

  it('holds the two rows that public write-ups agree on, whatever the seed', () => {
    for (const seed of [100, 7]) {
      const make = createDataset(seed)
      expect(make(7528)).toEqual({
        pin: {
          index: 7528,
          unique_id: 'fbe53c66-3442-4773-b19e-d3ec6f54dddf',
          title: 'No Title Data Available',
          description: 'No description available Story format',
          poster_name: 'User Info Error',
          follower_count: 'User Info Error',
          tag_list: 'N,o, ,T,a,g,s, ,A,v,a,i,l,a,b,l,e',
          is_image_or_video: 'multi-video(story page format)',
          image_src: 'Image src error.',
          downloaded: 0,
          save_location: 'Local save in /data/mens-fashion',
          category: 'mens-fashion',
        },
        geo: {
          ind: 7528,
          timestamp: '2020-08-28 03:52:47',
          latitude: -89.9787,
          longitude: -173.293,
          country: 'Albania',
        },
        user: {
          ind: 7528,
          first_name: 'Abigail',
          last_name: 'Ali',
          age: 20,
          date_joined: '2015-10-24 11:23:51',
        },
      })
      const { pin, geo, user } = make(10_794)
      expect([pin.follower_count, pin.category, pin.is_image_or_video, pin.downloaded]).toEqual([
        '437',
        'vehicles',
        'image',
        1,
      ])
      expect(geo.country).toBe('Cocos (Keeling) Islands')
      expect([user.first_name, user.last_name, user.age]).toEqual(['Thomas', 'Turner', 34])
    }
  })
})
