import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import type { OnHostAnswer, OnHostEvent, OnHostRequest, VerbName } from '@soen/host'
import { RelayedError } from '../errors.ts'
import type { RootAccess } from './root-access.ts'

/** The paths of Node and our program on the machine. */
export interface HostProgram {
  readonly node: string
  readonly program: string
}

/**
 * Sends a request to the program on the machine, and passes on its events.
 *
 * The request goes to stdin, which stays open: its end tells the machine that we are gone.
 *
 * @throws RelayedError with the machine's own code and message; CliError `SOEN_SSH_LOST`
 */
export async function callHost<Name extends VerbName>(
  root: RootAccess,
  { node, program }: HostProgram,
  request: OnHostRequest<Name>,
  onEvent: (event: OnHostEvent) => void = () => {},
): Promise<OnHostAnswer<Name>> {
  const running = root.start(['env', 'NODE_NO_WARNINGS=1', node, program])
  const said = text(running.stderr)
  running.stdin.write(`${JSON.stringify(request)}\n`)
  try {
    for await (const line of createInterface({ input: running.stdout })) {
      const event = readEvent(line)
      if (event === undefined) continue
      if (event.type === 'error') throw new RelayedError(event)
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- both ends are this kit's
      if (event.type === 'result') return event.value as OnHostAnswer<Name>
      onEvent(event)
    }
  } finally {
    running.stdin.end()
  }
  throw root.lost(await said)
}

/** Other output on our terminal, such as a start-up file's, is not an event. */
function readEvent(line: string): OnHostEvent | undefined {
  if (!line.startsWith('{"type":')) return undefined
  const event: OnHostEvent = JSON.parse(line)
  return event
}
