/** A double as JSON can carry it to MLflow: a number, or its name where JSON has no token. */
export type WireDouble = number | string

/**
 * Spell a double for the server.
 *
 * A bare `NaN` in the body makes MLflow answer 200 and silently drop what follows it, and JSON's
 * writer turns -0 into 0; protobuf's reader takes all of them as strings.
 */
export function toWireDouble(value: number): WireDouble {
  if (Object.is(value, -0)) return '-0.0'
  return Number.isFinite(value) ? value : String(value)
}

/** Read a double back from an answer. */
export function fromWireDouble(value: WireDouble): number {
  return typeof value === 'number' ? value : Number(value)
}
