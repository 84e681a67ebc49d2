/** Gives something to the person as a file, by the browser's own download. */

interface FileToSave {
  readonly fileName: string
  readonly content: string | Uint8Array
}

/** How long the browser is given to take the content before its address is forgotten, ms. */
const taken = 10_000

export function saveFile({ fileName, content }: FileToSave): void {
  const url = URL.createObjectURL(new Blob([typeof content === 'string' ? content : new Uint8Array(content)]))
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), taken)
}
