const MAX_SHOWN = 300

/** Anything as text: a symbol, an object without a prototype and one whose `toString` throws have some, too. */
export function textOf(value: unknown): string {
  try {
    return String(value instanceof Error ? value.message : value)
  } catch {
    return `(${typeof value})`
  }
}

/** Anything as a text that fits into a message. */
export function brief(value: unknown): string {
  const text = textOf(value)
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}
