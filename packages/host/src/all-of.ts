/** Awaits named promises together; resolves to their values under the same names. */
export async function allOf<Values extends Readonly<Record<string, unknown>>>(promises: {
  readonly [Name in keyof Values]: Promise<Values[Name]>
}): Promise<Values> {
  const entries = await Promise.all(
    Object.entries(promises).map(async ([name, value]) => [name, await value] as const),
  )
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same names, each with its promise's value
  return Object.fromEntries(entries) as Values
}
