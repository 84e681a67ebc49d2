/** Which actions a person used last, kept in this browser; a damaged value counts as none. */
const place = 'pipeline.recentActions'
const kept = 8

export function recentActions(): readonly string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(place) ?? '[]')
    return Array.isArray(value)
      ? value.filter((id): id is string => typeof id === 'string').slice(0, kept)
      : []
  } catch {
    return []
  }
}

export function noteAction(id: string): void {
  try {
    const next = [id, ...recentActions().filter((other) => other !== id)].slice(0, kept)
    localStorage.setItem(place, JSON.stringify(next))
  } catch {
    // Storage is full or forbidden: then nothing is remembered.
  }
}
