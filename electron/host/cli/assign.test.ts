import { describe, expect, it } from 'vitest'
import { pipelineSettingsSchema, settingsSchema } from '../../../shared/settings.ts'
import { assign, shapeOf } from './assign.ts'

const shape = shapeOf(pipelineSettingsSchema)
/** Settings of a new pipeline after these assignments. */
function assigned(...assignments: string[]) {
  const settings = pipelineSettingsSchema.parse({ name: 'mine' })
  for (const each of assignments) assign(settings as unknown as Record<string, unknown>, each, shape)
  return pipelineSettingsSchema.parse(settings)
}

describe('an assignment', () => {
  it('reaches keys within, also those that have dots themselves', () => {
    const settings = assigned(
      'ports.kafka=9093',
      'lake.flush.size=100',
      'streams.enforceLimits=false',
      'userId=12',
    )
    expect(settings.ports.kafka).toBe(9_093)
    expect(settings.lake['flush.size']).toBe(100)
    expect(settings.streams.enforceLimits).toBe(false)
    // A text stays one.
    expect(settings.userId).toBe('12')
  })

  it('reaches what need not be there, and takes it away again', () => {
    const named = assigned('topics.names.geo=places', 'streams.names.user=people')
    expect(named.topics.names).toEqual({ geo: 'places' })
    expect(named.streams.names).toEqual({ user: 'people' })
    expect(assigned('topics.names.geo=places', 'topics.names.geo=').topics.names).toEqual({})
  })

  it('empties a text that must be there', () => {
    expect(assigned('airflow.environment=daily', 'airflow.environment=').airflow.environment).toBe('')
  })

  it('names what there is, where it finds none', () => {
    for (const [text, hint] of [
      ['topics.names.other=x', 'There is pin, geo, user.'],
      ['topic.partitions=3', 'topics, streams'],
    ])
      expect(() => assigned(text ?? ''), text).toThrow(
        expect.objectContaining({ code: 'USAGE', hint: expect.stringContaining(hint ?? '') }),
      )
    expect(() => assigned('ports.kafka')).toThrow(/Not an assignment/)
  })

  it('knows the settings of the app', () => {
    const settings = settingsSchema.parse({})
    assign(settings as unknown as Record<string, unknown>, 'theme=dark', shapeOf(settingsSchema))
    expect(settings.theme).toBe('dark')
  })
})
