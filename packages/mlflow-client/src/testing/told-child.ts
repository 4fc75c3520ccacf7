// A training that does what each line of its input says, and responds when it is done.
import { rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { Client } from '../run/client.ts'
import { testSettings } from './settings.ts'

const [trackingUri = '', spoolDir = '', resumeKey] = process.argv.slice(2)
const client = new Client(testSettings(trackingUri, spoolDir))
const warnings: string[] = []
client.on('warn', ({ code }) => warnings.push(code))
const run = client.startRun({ name: 'told', ...(resumeKey !== undefined && { resumeKey }) })
let step = 0

const DO: Readonly<Record<string, (value: number) => unknown>> = {
  from: (first) => {
    step = first
  },
  log: (points) => {
    for (const end = step + points; step < end; step += 1) run.log({ loss: step / 8 }, { step })
  },
  text: (number) => run.text(`text ${number}`, `texts/${number}.txt`),
  /** A file that is deleted right after the call. */
  file: (number) => {
    const path = join(spoolDir, `..`, `${run.id}-${number}.bin`)
    writeFileSync(path, Buffer.alloc(20_000 * (number + 1), number + 1))
    run.artifact(path, { to: 'files', as: `${number}.bin` })
    rmSync(path)
  },
  rest: async (ms) => await setTimeout(ms),
  /** A step that blocks the event loop. It responds before it begins, too. */
  block: (ms) => {
    answer('blocks')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
  },
  flush: async (timeoutMs) => await run.flush({ timeoutMs }),
  end: async (timeoutMs) => {
    const receipt = await run.end({ timeoutMs })
    await client.close({ timeoutMs })
    return receipt
  },
}

/** Not through the stream, which would hold it back in a program that blocks or is killed. */
function answer(value: unknown): void {
  writeSync(1, `${JSON.stringify(value ?? null)}\n`)
}

answer('ready')
for await (const line of createInterface({ input: process.stdin })) {
  const [what = '', value] = line.split(' ')
  const said = what === 'warnings' ? warnings : await DO[what]?.(Number(value))
  answer(said)
}
