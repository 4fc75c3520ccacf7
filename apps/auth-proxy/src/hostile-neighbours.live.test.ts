import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { quantile, startMlflow, temporaryFolder } from '@soen/testbed'
import { expect, it } from 'vitest'
import { testPassword } from './testing/auth-proxy.ts'
import type { Neighbourhood } from './testing/neighbours/attacks.ts'
import { workHonestly, type Person } from './testing/neighbours/honest.ts'
import { plainFetch } from './testing/plain-fetch.ts'
import { addPerson, startProxy } from './testing/running-proxy.ts'

// `npm run soak` runs ten minutes of it, and checks the durations as well.
const soakS = process.env['SOEN_HOSTILE_S']
const seconds = Number(soakS ?? 8)
const runAttacks = fileURLToPath(new URL('testing/neighbours/run-attacks.ts', import.meta.url))

it(
  'keeps its members at work beside strangers and members who do their worst',
  { timeout: 1_200_000 },
  async () => {
    using folder = temporaryFolder('neighbours')
    await using mlflow = await startMlflow({
      workers: 2,
      artifactsDestination: join(folder.path, 'artifacts'),
    })
    const state = join(folder.path, 'auth.sqlite')
    const bearerOf = async (name: string, role: string): Promise<string> =>
      `Bearer ${(await addPerson(state, name, role)).token}`
    await bearerOf('ada', 'admin')
    const [tom, mallory, vic] = [
      await bearerOf('tom', 'member'),
      await bearerOf('mallory', 'member'),
      await bearerOf('vic', 'viewer'),
    ]
    await using proxy = await startProxy({ state, socket: mlflow.socketPath })
    const startRun = async (authorization: string): Promise<string> => {
      const answer = await fetch(`${proxy.url}/api/2.0/mlflow/runs/create`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ experiment_id: '0' }),
      })
      return Object(await answer.json()).run.info.run_id
    }
    const run = await startRun(tom)
    const file = `/api/2.0/mlflow-artifacts/artifacts/0/${run}/artifacts/note.txt`
    await fetch(proxy.url + file, { method: 'PUT', headers: { authorization: tom }, body: 'kept' })
    const person: Person = {
      url: proxy.url,
      token: tom,
      run,
      file,
      async signIn() {
        const answer = await plainFetch(`${proxy.url}/_soen/sign-in`, {
          method: 'POST',
          headers: { origin: proxy.url, 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ name: 'tom', password: testPassword }).toString(),
        })
        // It leads to the requested page.
        if (answer.status === 303) return 200
        throw new Error(
          /role="alert">([^<]*)/.exec(await answer.text())?.[1] ?? `It answered ${answer.status}.`,
        )
      },
    }

    const alone = await workHonestly(person, AbortSignal.timeout(Math.min(seconds, 20) * 1000))
    const site: Neighbourhood = {
      url: proxy.url,
      viewer: vic,
      member: mallory,
      memberRun: await startRun(mallory),
      victim: 'tom',
    }
    const neighbours = spawn(process.execPath, [runAttacks, JSON.stringify(site)], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, NODE_NO_WARNINGS: '1' },
    })
    const said = text(neighbours.stdout)
    // What they send is prepared before it counts.
    await sleep(3000)
    const beside = await workHonestly(person, AbortSignal.timeout(seconds * 1000))
    neighbours.stdin.end()
    process.stderr.write(await said)

    const shown = { alone: timesOf(alone), beside: timesOf(beside) }
    process.stderr.write(`p99 in ms: ${JSON.stringify(shown)}\n`)
    expect([alone.failures, beside.failures]).toEqual([[], []])
    expect(proxy.isRunning()).toBe(true)
    expect((await fetch(`${proxy.url}/ready`)).status).toBe(200)
    if (soakS === undefined) return
    expect(Math.max(...beside.signIns)).toBeLessThan(2000)
    expect(shown.beside.calls).toBeLessThan(3 * shown.alone.calls)
  },
)

function timesOf(
  experience: Awaited<ReturnType<typeof workHonestly>>,
): Record<'calls' | 'signIns' | 'downloads', number> {
  return {
    calls: p99(experience.calls),
    signIns: p99(experience.signIns),
    downloads: p99(experience.downloads),
  }
}

function p99(durations: readonly number[]): number {
  return Math.round(quantile([...durations], 0.99))
}
