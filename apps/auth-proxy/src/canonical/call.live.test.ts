import { spawn } from 'node:child_process'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, inject, it } from 'vitest'
import { Refusal } from '../errors/refusals.ts'
import { findDestination } from '../destination/find-destination.ts'
import { routesOf } from '../routes/route.ts'
import { Router } from '../routes/router.ts'
import { rules } from '../routes/rules.ts'
import { randomRequest, seededRandom } from '../testing/random-requests.ts'
import type { RawRequest } from '../testing/random-requests.ts'
import { readCall } from './call.ts'
import type { Call } from './call.ts'
import { canonicalTarget } from './path.ts'

const router = new Router(routesOf(rules))
// `npm run soak` has more of them.
const requestCount = Number(process.env['SOEN_REQUESTS'] ?? 3000)
/** Names and paths are free texts, which only their own tests can compare. */
const comparedElsewhere: ReadonlySet<string> = new Set(['registered-model', 'artifact-path', 'stored-path'])

/** How MLflow's parser reads a request. */
interface Reading {
  /** Absent where MLflow couldn't read the request. */
  readonly rule?: string
  readonly ids?: readonly (readonly [field: string, value: string])[]
  readonly error?: string
}

function incoming({ method, target, body }: RawRequest): IncomingMessage {
  const request = new IncomingMessage(new Socket())
  request.method = method
  request.url = target
  if (body !== undefined)
    request.headers = { 'content-type': 'application/json', 'content-length': String(body.length) }
  request.push(body ?? null)
  if (body !== undefined) request.push(null)
  return request
}

/** How the front door reads a request; undefined when it refuses. */
async function check(sent: RawRequest): Promise<Call | undefined> {
  try {
    const target = canonicalTarget(sent.target)
    return await readCall(incoming(sent), target, findDestination(router, sent.method, target.path))
  } catch (error) {
    if (error instanceof Refusal && error.status < 500) return undefined
    throw error
  }
}

async function readByMlflow(calls: readonly Call[]): Promise<Reading[]> {
  const script = fileURLToPath(new URL('../testing/python/read_requests.py', import.meta.url))
  const python = spawn(inject('mlflow').python, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const forwarded = calls.map(({ route: { method }, target, body }) =>
    JSON.stringify({ method, target, body: body === undefined ? null : JSON.stringify(body) }),
  )
  python.stdin.end(`${forwarded.join('\n')}\n`)
  const output = await text(python.stdout)
  return output
    .trim()
    .split('\n')
    .map((line): Reading => JSON.parse(line))
}

const unique = (values: readonly string[]): string[] => [...new Set(values)].toSorted()

it('sees the ids that MLflow acts on, whatever was sent', async () => {
  const seed = Number(process.env['SOEN_SEED'] ?? Date.now() % 2 ** 32)
  const random = seededRandom(seed)
  const calls: Call[] = []
  for (let count = 0; count < requestCount; count += 1) {
    const call = await check(randomRequest(random))
    if (call !== undefined) calls.push(call)
  }
  // Neither everything nor nothing may pass, or the comparison proves little.
  expect(calls.length).toBeGreaterThan(requestCount / 5)
  expect(calls.length).toBeLessThan(requestCount)

  const readings = await readByMlflow(calls)
  expect(readings).toHaveLength(calls.length)
  for (const [index, call] of calls.entries()) {
    const { route, ids, target, body } = call
    const { rule, ids: acted = [], error } = readings[index] ?? {}
    const sources = Object.values(route.rule.ids ?? {}).flat()
    const names = new Set(sources.map((source) => source.split('.').at(-1)))
    const actedOn = acted
      .filter(([field, value]) => names.has(field) && value !== '')
      .map(([, value]) => value)
    const seen = ids.filter(({ kind }) => !comparedElsewhere.has(kind)).map(({ value }) => value)
    // The seed and the request are on both sides, so that a difference shows how to reproduce it.
    const about = { seed, target, body, error: undefined }
    const apiRoute = route.name.replace(/^\w+ (?:\{api\}|\/ajax-api)/, '')
    expect({ ...about, apiRoute, ids: unique(seen) }).toEqual({
      ...about,
      error,
      apiRoute: rule?.replace(/^\/(?:ajax-)?api/, ''),
      ids: unique(actedOn),
    })
  }
})
