import { describe, expect, it } from 'vitest'
import { javaOptions } from './javaOptions.ts'

describe('options of Spark’s Java', () => {
  it('name class data to use or to make, or none', () => {
    expect(javaOptions({ use: '/c/a.jsa' })).toContain(' "-XX:SharedArchiveFile=/c/a.jsa" ')
    expect(javaOptions({ make: '/c/a.jsa' })).toContain(' "-XX:ArchiveClassesAtExit=/c/a.jsa" ')
    expect(javaOptions(null)).not.toContain('"')
  })

  it('keep a path with blanks and backslashes one word', () => {
    expect(javaOptions({ use: 'C:\\Users\\Ada L\\a.jsa' })).toContain(
      '"-XX:SharedArchiveFile=C:\\\\Users\\\\Ada L\\\\a.jsa"',
    )
  })
})
