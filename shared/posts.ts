/** The data's own types: one post is a pin, a geolocation and a user that belong together. */
import { z } from 'zod'

/** The original script's datetime text, `YYYY-MM-DD HH:MM:SS`, without zone. */
export const datetimeText = z.string().regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/)

export const pinSchema = z.object({
  index: z.int().nonnegative(),
  unique_id: z.string(),
  title: z.string(),
  description: z.string(),
  poster_name: z.string(),
  follower_count: z.string(),
  tag_list: z.string(),
  is_image_or_video: z.string(),
  image_src: z.string(),
  downloaded: z.int(),
  save_location: z.string(),
  category: z.string(),
})

export const geoSchema = z.object({
  ind: z.int().nonnegative(),
  timestamp: datetimeText,
  latitude: z.number(),
  longitude: z.number(),
  country: z.string(),
})

export const userSchema = z.object({
  ind: z.int().nonnegative(),
  first_name: z.string(),
  last_name: z.string(),
  age: z.int(),
  date_joined: datetimeText,
})

export type Pin = z.infer<typeof pinSchema>
export type Geo = z.infer<typeof geoSchema>
export type User = z.infer<typeof userSchema>

/** Row n of the three tables. Keys are in the order in which the database returns the columns. */
export interface Post {
  readonly pin: Pin
  readonly geo: Geo
  readonly user: User
}
