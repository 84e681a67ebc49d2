import { expect, it } from 'vitest'
import { rangeAssignment } from './rangeAssignment.ts'

it('gives the first members one partition more', () => {
  const wishes = [
    { member: 'b', topics: ['t', 'u'] },
    { member: 'a', topics: ['t'] },
  ]
  const shares = rangeAssignment(wishes, [
    { topic: 't', partitions: 3 },
    { topic: 'u', partitions: 2 },
  ])
  expect(shares.get('a')).toEqual([{ topic: 't', partitions: [0, 1] }])
  expect(shares.get('b')).toEqual([
    { topic: 't', partitions: [2] },
    { topic: 'u', partitions: [0, 1] },
  ])
})

it('gives every partition to exactly one member, and members without a share an empty one', () => {
  const wishes = ['c', 'a', 'd', 'b'].map((member) => ({ member, topics: ['t'] }))
  const shares = rangeAssignment(wishes, [{ topic: 't', partitions: 3 }])
  expect(
    [...shares.values()].flatMap((share) => share.flatMap(({ partitions }) => partitions)).sort(),
  ).toEqual([0, 1, 2])
  expect(shares.get('d')).toEqual([])
})

it('leaves out topics nobody wants', () => {
  const shares = rangeAssignment([{ member: 'a', topics: ['t'] }], [{ topic: 'x', partitions: 3 }])
  expect(shares.get('a')).toEqual([])
})
