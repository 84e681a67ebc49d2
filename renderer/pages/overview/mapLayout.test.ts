import { describe, expect, it } from 'vitest'
import { flowSeconds, wire } from './mapLayout.ts'

const box = (left: number, top: number) => ({ left, top, width: 100, height: 60 })

describe('wires', () => {
  it('join level boxes by a straight line with the rate above it', () => {
    expect(wire(box(0, 0), box(160, 0))).toEqual({
      path: 'M100 30H160',
      label: { x: 130, y: 23, anchor: 'middle' },
    })
  })

  it('leave side by side where several leave, and curve to their boxes', () => {
    const [up, low] = [wire(box(0, 100), box(160, 0), 0, 2), wire(box(0, 100), box(160, 200), 1, 2)]
    expect(up.path).toBe('M100 120C130 120 130 30 160 30')
    expect(low.path).toBe('M100 140C130 140 130 230 160 230')
    expect(up.label.y).toBeLessThan(30)
    expect(low.label.y).toBeGreaterThan(230)
  })

  it('run downwards where the next box lies below', () => {
    expect(wire(box(0, 0), box(0, 100)).path).toBe('M50 60V100')
    expect(wire(box(0, 0), box(60, 100)).path).toBe('M50 60C50 80 110 80 110 100')
  })

  it('flow faster the more passes, within limits', () => {
    expect(flowSeconds(0)).toBe(1.6)
    expect(flowSeconds(100)).toBeCloseTo(0.8)
    expect(flowSeconds(10_000_000)).toBe(0.35)
  })
})
