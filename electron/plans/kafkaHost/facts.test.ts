import { describe, expect, it } from 'vitest'
import { unfit } from './facts.ts'
import type { HostFacts } from './factsCommands.ts'

const facts: HostFacts = {
  os: 'Amazon Linux 2023',
  id: 'amzn',
  name: 'ip-10-0-0-7',
  address: '10.0.0.7',
  arch: 'x86_64',
  memoryMiB: 1_900,
  diskMiB: 8_000,
  diskFreeMiB: 6_000,
  skewMs: 0,
  user: 'ec2-user',
  sudo: 'free',
  tools: ['dnf', 'systemctl'],
}
const bare = { password: false, kafkaThere: false, confluent: null }
const withConfluent = { ...bare, confluent: { there: false, alone: false } }

describe('a host is too small', () => {
  it('for a broker', () => {
    expect(unfit({ ...facts, memoryMiB: 950 }, bare)).toBe(null)
    expect(unfit({ ...facts, memoryMiB: 450 }, bare)?.reason).toContain(
      '0.4 GiB of memory is too little for Kafka.',
    )
    expect(unfit({ ...facts, diskFreeMiB: 1_400 }, bare)?.reason).toContain(
      'Java and Kafka take 1.5 GiB while',
    )
    expect(unfit({ ...facts, diskFreeMiB: 1_400 }, { ...bare, kafkaThere: true })).toBe(null)
  })

  it('for the second Java of Confluent’s proxy, which our gateway does not need', () => {
    expect(unfit(facts, withConfluent)).toBe(null)
    expect(unfit({ ...facts, memoryMiB: 950 }, withConfluent)).toMatchObject({
      state: 'blocked',
      reason: expect.stringContaining('0.9 GiB of memory is too little'),
      hint: expect.stringContaining('kafkaHost.proxy=gateway'),
    })
  })

  it('for what of it is not there yet', () => {
    const small = { ...facts, diskFreeMiB: 3_000 }
    expect(unfit(small, withConfluent)).toMatchObject({
      reason:
        '2.9 GiB of disk is too little: Java and Kafka take 1.5 GiB, Confluent takes 2.0 GiB while they are installed.',
      hint: expect.stringContaining('kafkaHost.proxy=gateway'),
    })
    expect(unfit(small, { ...withConfluent, kafkaThere: true })).toBe(null)
    expect(
      unfit(
        { ...small, diskFreeMiB: 100 },
        { ...bare, kafkaThere: true, confluent: { there: true, alone: false } },
      ),
    ).toBe(null)
  })
})
