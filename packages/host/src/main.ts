import { stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline'
import { thisMachine } from './machine/machine.ts'
import { explain } from './on-host/explain.ts'
import type { OnHostEvent } from './on-host/events.ts'
import { answer, parseRequest } from './on-host/request.ts'

/*
 * The program that runs on the machine itself, as root: one request as a JSON line on stdin, events as JSON lines
 * on stdout, of which the last is a result or an error. The end of stdin says that whoever asked is gone. A timer
 * names its verb as an argument instead.
 */
const gone = new AbortController()
const say = (event: OnHostEvent): void => void stdout.write(`${JSON.stringify(event)}\n`)
// Who is gone hears nothing; what was begun is ended all the same.
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

/** The first line of stdin; the empty string where it ends before there is one. */
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
