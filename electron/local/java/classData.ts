/** Class data of an earlier run (CDS), which a Java that starts often need not load and check again. */

/** `make` is written at a clean end; `use` is such a file. Null for neither. */
export type ClassData = { readonly use: string } | { readonly make: string } | null

/** Words of a command line; one that does not fit is left aside without a word. */
export function classDataOptions(data: ClassData): string[] {
  const archive =
    data === null
      ? []
      : ['use' in data ? `-XX:SharedArchiveFile=${data.use}` : `-XX:ArchiveClassesAtExit=${data.make}`]
  return [...archive, '-Xlog:cds=off', '-Xlog:cds+dynamic=off']
}
