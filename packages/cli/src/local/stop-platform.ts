import { CliError } from '../errors.ts'
import type { Terminal } from '../output/terminal.ts'
import { until } from '../until.ts'
import { askPlatform } from './control.ts'
import { findHome } from './home.ts'

const timeoutMs = 60_000

/** Stops the local platform from another terminal; succeeds also where none is running. */
export async function stopPlatform(
  { home: chosen, json }: { readonly home?: string; readonly json?: boolean },
  terminal: Terminal,
): Promise<void> {
  const home = findHome({ chosen })
  const isGone = async (): Promise<boolean> => (await askPlatform(home)) === undefined
  const wasRunning = (await askPlatform(home, 'stop')) !== undefined
  if (wasRunning) {
    await terminal.step('Stopping', async () => {
      if (!(await until(isGone, { timeoutMs }))) throw stillRunning()
    })
  }
  if (json) terminal.json({ home: home.path, wasRunning })
  else terminal.result(wasRunning ? 'Stopped.' : `Nothing runs on ${home.path}.`)
}

function stillRunning(): CliError {
  return new CliError(`The platform still runs ${timeoutMs / 1000} s after it was asked to stop.`, {
    code: 'SOEN_STOP_TIMEOUT',
    hint: 'See what it is doing: `soen status` and `soen logs platform`.',
  })
}
