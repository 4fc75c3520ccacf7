import { readFileSync } from 'node:fs'
import { applyPlan, thisMachine, type Resource } from '@soen/host'

/** Runs on a booted host: applies the plan in the file beside it, and prints one event per line. */
const plan: readonly Resource[] = JSON.parse(readFileSync('plan.json', 'utf8'))
for await (const event of applyPlan(plan, { machine: thisMachine() })) {
  process.stdout.write(`${JSON.stringify(event)}\n`)
}
