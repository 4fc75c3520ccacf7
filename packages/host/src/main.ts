import { stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline'
import { thisMachine } from './machine/machine.ts'
import { explain } from './on-host/explain.ts'
import type { OnHostEvent } from './on-host/events.ts'
import { answer, parseRequest } from './on-host/request.ts'

/*
 * The program that runs on the machine itself, as root: takes one request as a JSON line on stdin and writes events
 * as JSON lines to stdout, the last of them a result or an error. The end of stdin means that the caller is gone. A
 * timer passes its verb as an argument instead.
 */
const gone = new AbortController()
const say = (event: OnHostEvent): void => void stdout.write(`${JSON.stringify(event)}\n`)
// The caller cannot hear us any more, but the current step is completed all the same.
stdout.on('error', () => gone.abort())

try {
  const verb = process.argv[2]
  const request = parseRequest(verb === undefined ? await readLine() : JSON.stringify({ verb }))
  say({ type: 'result', value: await answer(request, { machine: thisMachine(), say, signal: gone.signal }) })
} catch (error) {
  say({ type: 'error', ...explain(error) })
  process.exitCode = 1
}
stdin.destroy()

/** The first line of stdin; an empty string where stdin ends before one. */
function readLine(): Promise<string> {
  return new Promise((resolve) => {
    const lines = createInterface({ input: stdin })
    lines.once('line', resolve)
    lines.once('close', () => {
      gone.abort()
      resolve('')
    })
  })
}
