import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { init } from '@soen/mlflow-client'
import { temporaryFolder } from '@soen/testbed'
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest'
import { createTerminal } from '../output/terminal.ts'
import { deliverJournals } from './sync-journals.ts'

const { trackingUri: here } = inject('mlflow')
/** The same server at its former address. */
let former: string
const way = createServer((client) => {
  pipeline(client, connect(Number(new URL(here).port), '127.0.0.1'), client, () => {})
})

beforeAll(async () => {
  await once(way.listen(0, '127.0.0.1'), 'listening')
  const address = way.address()
  former = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
})
afterAll(() => void way.close())
afterEach(() => {
  vi.unstubAllEnvs()
  process.exitCode = undefined
})

/** A run of which the server got only the beginning, at its former address. */
async function leave(spoolDir: string): Promise<void> {
  const client = await init({ env: {}, trackingUri: former, spoolDir, catchUp: false })
  const run = client.startRun({ name: 'left', experiment: 'a server that moved' })
  run.log({ loss: 1 }, { step: 1 })
  await run.flush()
  run.log({ loss: 0.5 }, { step: 2 })
  await client.close({ timeoutMs: 0 })
}

/** The output and exit code of `soen sync`. */
async function sync(spool: string, flags: { readonly to?: string } = {}, answer?: boolean) {
  let said = ''
  const write = (text: string | Uint8Array): boolean => {
    said += String(text)
    return true
  }
  const terminal = createTerminal({ stdout: { write }, stderr: { write, isTTY: false } })
  const asker = answer === undefined ? undefined : { confirm: async () => answer }
  process.exitCode = undefined
  await deliverJournals({ spool, timeout: 60, ...flags }, terminal, asker)
  return { said, exitCode: process.exitCode }
}

test.each([
  ['when that is said', { to: here }, undefined],
  ['when somebody confirms it', {}, true],
])(
  'what waits for the former address of a server stays, with a hint and an exit code, and goes to the new one %s',
  async (_, flags, answer) => {
    using folder = temporaryFolder('moved')
    const spool = join(folder.path, 'spool')
    vi.stubEnv('MLFLOW_TRACKING_URI', here)
    await leave(spool)
    for (const refusal of [undefined, false]) {
      const stays = await sync(spool, {}, refusal)
      expect(stays.exitCode).toBe(1)
      expect(stays.said).toContain(`The server at ${here} knows runs that wait for ${former}: it has moved.`)
      expect(stays.said).toContain(`sync --to ${here}`)
      expect(stays.said).toContain(`left (a server that moved): waits for ${former}`)
    }
    const goes = await sync(spool, flags, answer)
    expect(goes.said).toContain('Delivering 1 run')
    expect(goes.said).toContain('left (a server that moved): delivered, 1 item')
    expect(goes.exitCode).toBeUndefined()
    expect(readdirSync(spool)).toEqual([])
  },
)
