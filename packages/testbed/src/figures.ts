import { cpus } from 'node:os'
import { parseArgs } from 'node:util'

/** A measured figure beside that of a peer, or a limit, from the same run. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly peer: { readonly name: string; readonly value: number }
  /** Ours divided by the peer's. */
  readonly ratio: number
  /** For instance `<= 750`; null where there is no goal. */
  readonly goal: string | null
  readonly holds: boolean | null
}

/** A measurement, with its peer and its goal. */
export interface Measured {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly peer: { readonly name: string; readonly value: number }
  /** A bound on the value itself, or on its ratio to the peer's. */
  readonly goal?: { readonly of: 'value' | 'ratio'; readonly atMost?: number; readonly atLeast?: number }
}

/** Compares a measurement with its peer and its goal. */
export function figure({ name, value, unit, peer, goal }: Measured): Figure {
  const ratio = value / peer.value
  const judged = goal?.of === 'ratio' ? ratio : value
  const { atMost, atLeast } = goal ?? {}
  const bounds = [atMost !== undefined && `<= ${atMost}`, atLeast !== undefined && `>= ${atLeast}`].filter(
    Boolean,
  )
  return {
    name,
    value: round(value),
    unit,
    peer: { name: peer.name, value: round(peer.value) },
    ratio: round(ratio),
    goal: goal === undefined ? null : `${goal.of === 'ratio' ? 'ratio ' : ''}${bounds.join(' and ')}`,
    holds: goal === undefined ? null : judged <= (atMost ?? Infinity) && judged >= (atLeast ?? -Infinity),
  }
}

/** The parts of a bench, by their names on the command line. */
export type Parts = Readonly<Record<string, () => Promise<readonly Figure[]>>>

/**
 * Measures the parts one after the other, or only the chosen ones, and prints the figures: each part's as soon as it
 * is done, since all together may take long, and all of them at the end.
 */
export async function measureParts(
  area: string,
  parts: Parts,
  { chosen = [], json = false }: { readonly chosen?: readonly string[]; readonly json?: boolean } = {},
): Promise<void> {
  const unknown = chosen.find((name) => parts[name] === undefined)
  if (unknown !== undefined) throw new Error(`There is no part ${unknown}: ${Object.keys(parts).join(', ')}.`)
  const figures: Figure[] = []
  for (const [name, measure] of Object.entries(parts)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue
    process.stderr.write(`… ${name}\n`)
    const measured = await measure()
    process.stderr.write(tableOf(measured))
    figures.push(...measured)
  }
  printFigures(area, figures, json ? ['--json'] : [])
}

/** Prints the figures as a table and, with `--json`, as one object on the last line. */
export function printFigures(
  area: string,
  figures: readonly Figure[],
  args: readonly string[] = process.argv.slice(2),
): void {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } })
  process.stdout.write(tableOf(figures))
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`
  if (values.json) process.stdout.write(`${JSON.stringify({ area, machine, figures })}\n`)
}

function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value, unit, peer, ratio, goal, holds }) => [
    name,
    `${value} ${unit}`,
    `${peer.name}: ${peer.value} ${unit}`,
    `×${ratio}`,
    goal ?? 'no goal',
    holds === null ? '' : holds ? 'holds' : 'does not hold',
  ])
  const table = [['figure', 'ours', 'peer', 'ratio', 'goal', ''], ...rows]
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? []
  const lines = table.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  '))
  return lines.map((line) => `${line.trimEnd()}\n`).join('')
}

/** A quantile: the value below which this share of all values lies, for instance 0.99. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

function round(value: number): number {
  return Number(value.toPrecision(4))
}
