/**
 * The cost of the front door beside nginx, nginx with basic auth and MLflow's own basic auth, before the same MLflow
 * and in the same run. `node proxy.bench.ts [--json] [--short] [PART...]`, a part being one of those below.
 */
import { parseArgs } from 'node:util'
import { measureParts, startMlflow } from '@soen/testbed'
import type { Parts } from '@soen/testbed'
import { measureCalls, measureStub } from './testing/bench/calls.ts'
import { measureNeighbour } from './testing/bench/neighbour.ts'
import { measurePage } from './testing/bench/page.ts'
import { measureRevocation } from './testing/bench/revocation.ts'
import { measureStatements } from './testing/bench/statements.ts'
import { measureStreams } from './testing/bench/streams.ts'

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false }, short: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const effort = values.short
  ? { warmUpMs: 10_000, rounds: 5, roundMs: 2000 }
  : { warmUpMs: 20_000, rounds: 7, roundMs: 3000 }

const parts: Parts = {
  async calls() {
    await using mlflow = await startMlflow({ workers: 2 })
    return await measureCalls(mlflow.socketPath, effort)
  },
  stub: () => measureStub(effort),
  neighbour: () => measureNeighbour(effort),
  statements: measureStatements,
  revocation: measureRevocation,
  streams: () => measureStreams(values.short ? { bytes: 256e6, rounds: 1 } : { bytes: 5e9, rounds: 1 }),
  page: measurePage,
}

await measureParts('auth-proxy', parts, { chosen: positionals, json: values.json })
