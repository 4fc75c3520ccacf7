import { readFileSync } from 'node:fs'
import {
  applyPlan,
  HostError,
  readFacts,
  serverPlan,
  thisMachine,
  type Facts,
  type Payload,
  type ServerTarget,
} from '@soen/host'

interface Wanted {
  readonly target: ServerTarget
  readonly payload: Payload
  readonly facts?: Partial<Facts>
  readonly isDryRun?: boolean
}

/** Runs on a booted host: makes it the server described in the file beside it, and prints one event per line. */
const { target, payload, facts, isDryRun = false }: Wanted = JSON.parse(readFileSync('server.json', 'utf8'))
const machine = thisMachine()
try {
  const plan = serverPlan(target, { ...(await readFacts(machine)), ...facts }, payload)
  for await (const event of applyPlan(plan, { machine, isDryRun })) {
    process.stdout.write(`${JSON.stringify(event)}\n`)
  }
} catch (error) {
  if (!(error instanceof HostError)) throw error
  const cause = error.cause instanceof Error ? error.cause.message : ''
  process.stderr.write(`${error.code} ${error.message} ${cause}\n`)
  process.exitCode = 1
}
