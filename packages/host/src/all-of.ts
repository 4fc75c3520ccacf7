/** Waits for promises that are under way at once, and gives what each came to under its name. */
export async function allOf<Values extends Readonly<Record<string, unknown>>>(under: {
  readonly [Name in keyof Values]: Promise<Values[Name]>
}): Promise<Values> {
  const entries = await Promise.all(
    Object.entries(under).map(async ([name, value]) => [name, await value] as const),
  )
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same names, each with its promise's value
  return Object.fromEntries(entries) as Values
}
