/** A double in JSON for MLflow: a number, or a text where JSON has no literal. */
export type WireDouble = number | string

/**
 * Encode a double for the server.
 *
 * A bare `NaN` in the body makes MLflow answer 200 and silently drop what follows it, and JSON's writer turns -0
 * into 0; protobuf's parser accepts all of them as strings.
 */
export function toWireDouble(value: number): WireDouble {
  if (Object.is(value, -0)) return '-0.0'
  return Number.isFinite(value) ? value : String(value)
}

/** Decode a double from a response. */
export function fromWireDouble(value: WireDouble): number {
  return typeof value === 'number' ? value : Number(value)
}
