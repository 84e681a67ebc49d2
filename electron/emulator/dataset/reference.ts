/** Two rows whose contents four public write-ups of the original agree on; they stand in every built-in dataset. */
import type { Post } from '../../../shared/posts.ts'
import { placeholders, storyFormat } from './pin.ts'

/** What is known of a row; the rest of row 10794 (title, poster …) is generated like every other's. */
type Known = { readonly [K in keyof Post]?: Partial<Post[K]> }

const known: Readonly<Record<number, Known>> = {
  7528: {
    pin: {
      unique_id: 'fbe53c66-3442-4773-b19e-d3ec6f54dddf',
      ...placeholders,
      is_image_or_video: storyFormat,
      downloaded: 0,
      save_location: 'Local save in /data/mens-fashion',
      category: 'mens-fashion',
    },
    geo: { timestamp: '2020-08-28 03:52:47', latitude: -89.9787, longitude: -173.293, country: 'Albania' },
    user: { first_name: 'Abigail', last_name: 'Ali', age: 20, date_joined: '2015-10-24 11:23:51' },
  },
  10794: {
    pin: { follower_count: '437', category: 'vehicles' },
    geo: {
      timestamp: '2022-01-01 02:26:50',
      latitude: -89.5236,
      longitude: -154.567,
      country: 'Cocos (Keeling) Islands',
    },
    user: { first_name: 'Thomas', last_name: 'Turner', age: 34, date_joined: '2016-12-22 00:02:02' },
  },
}

/** The category of a row that is known to have no placeholders; undefined for every other row. */
export function plainRow(index: number): { readonly category: string } | undefined {
  return index === 10_794 ? { category: 'vehicles' } : undefined
}

/** The generated post with what is known of its row put in its place; column order stays. */
export function withReference(post: Post): Post {
  const row = known[post.pin.index]
  if (row === undefined) return post
  return {
    pin: { ...post.pin, ...row.pin },
    geo: { ...post.geo, ...row.geo },
    user: { ...post.user, ...row.user },
  }
}
