/** Java's properties files as we write them. */

/** What begins an escape there is escaped. */
export const properties = (values: Readonly<Record<string, string>>): string =>
  `# Written by Pipeline Control; a change by hand is put back by the next Set up.\n${Object.entries(values)
    .map(([name, value]) => `${name}=${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`)
    .join('\n')}\n`
