const MAX_SHOWN = 300

/** Any value as text, even a symbol, an object without a prototype or one whose `toString` throws. */
export function textOf(value: unknown): string {
  try {
    return String(value instanceof Error ? value.message : value)
  } catch {
    return `(${typeof value})`
  }
}

/** Any value as a text short enough for a message. */
export function brief(value: unknown): string {
  const text = textOf(value)
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}
