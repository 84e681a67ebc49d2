import { expect, it } from 'vitest'
import { badKinds } from '../../shared/incidents.ts'
import { kinds } from '../../shared/names.ts'
import { geoSchema, pinSchema, userSchema } from '../../shared/posts.ts'
import { createDataset } from '../emulator/dataset/dataset.ts'
import { badValue } from './badRecords.ts'

const types = { pin: pinSchema, geo: geoSchema, user: userSchema }

it.each(kinds.flatMap((kind) => badKinds.map((bad) => [kind, bad] as const)))(
  'breaks a %s: %s',
  (kind, bad) => {
    const post = createDataset(100)(7)
    expect(types[kind].safeParse(post[kind]).success).toBe(true)
    const value = badValue(post, kind, bad)
    if (bad === 'tombstone') expect(value).toBeNull()
    else if (bad === 'not-json') expect(() => JSON.parse(String(value))).toThrow()
    else expect(types[kind].safeParse(JSON.parse(String(value))).success).toBe(false)
  },
)
