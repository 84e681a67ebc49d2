import { describe, expect, it } from 'vitest'
import { idNumber, parseJson } from './json.ts'

describe('ids of 64 bits', () => {
  it('come in as they are written', () => {
    expect(parseJson('{"run_id": 9223372036854775807, "id": 12, "start_time": 1732960000000}')).toEqual({
      run_id: '9223372036854775807',
      id: '12',
      start_time: 1_732_960_000_000,
    })
  })
  it('stay text where they are text', () => {
    expect(parseJson('{"cluster_id": "0110-123456-abcd1234"}')).toEqual({
      cluster_id: '0110-123456-abcd1234',
    })
  })
  it('go out as numbers', () => {
    expect(JSON.stringify({ run_id: idNumber('9223372036854775807') })).toBe('{"run_id":9223372036854775807}')
  })
})
