/** A value that can stand in a nested parameter object. */
export type ParamValue =
  | string
  | number
  | boolean
  | bigint
  | null
  | undefined
  | readonly unknown[]
  | { readonly [key: string]: ParamValue }

/** Nested parameters as MLflow's flat strings: `{model: {depth: 4}}` becomes `model.depth` = `4`. */
export function flattenParams(
  params: { readonly [key: string]: ParamValue },
  prefix = '',
): [string, string][] {
  return Object.entries(params).flatMap(([key, value]): [string, string][] => {
    const name = `${prefix}${key}`
    if (value === undefined) return []
    if (isNested(value)) return flattenParams(value, `${name}.`)
    return [[name, typeof value === 'object' ? JSON.stringify(value) : String(value)]]
  })
}

function isNested(value: ParamValue): value is { readonly [key: string]: ParamValue } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // Dates, maps and the like are values of their own, not nested parameters.
  return prototype === Object.prototype || prototype === null
}
