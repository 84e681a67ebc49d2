import { describe, expect, it } from 'vitest'
import { javaOptions } from './javaOptions.ts'

describe('options of Spark’s Java', () => {
  it('name class data to use or to make, or none', () => {
    expect(javaOptions({ use: '/c/a.jsa' })).toContain(' "-XX:SharedArchiveFile=/c/a.jsa" ')
    expect(javaOptions({ make: '/c/a.jsa' })).toContain(' "-XX:ArchiveClassesAtExit=/c/a.jsa" ')
    expect(javaOptions(null)).not.toMatch(/SharedArchiveFile|ArchiveClassesAtExit/)
  })

  it('keep a path one word, as Java itself reads it', () => {
    const archive = (path: string) => javaOptions({ use: path }).match(/(["'])-XX:Shared.*?\1(?= |$)/)?.[0]
    expect(archive('C:\\Users\\Ada L\\a.jsa')).toBe('"-XX:SharedArchiveFile=C:\\Users\\Ada L\\a.jsa"')
    expect(archive('/a "b"/c.jsa')).toBe(`'-XX:SharedArchiveFile=/a "b"/c.jsa'`)
    expect(archive(`/a"b'/c.jsa`)).toBeUndefined()
  })
})
