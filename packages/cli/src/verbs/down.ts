import { setTimeout as sleep } from 'node:timers/promises'
import { CliError } from '../errors.ts'
import { askPlatform } from '../local/control.ts'
import { findHome } from '../local/home.ts'
import type { Terminal } from '../output/terminal.ts'

const timeoutMs = 60_000

/** Stops the local platform from another terminal; one that does not run is fine. */
export async function down(options: { home?: string; json?: boolean }, terminal: Terminal): Promise<void> {
  const home = findHome({ chosen: options.home })
  const wasRunning = (await askPlatform(home, 'stop')) !== undefined
  if (wasRunning) await terminal.step('Stopping', () => untilGone(home))
  if (options.json) terminal.json({ home: home.path, wasRunning })
  else terminal.result(wasRunning ? 'Stopped.' : `Nothing runs on ${home.path}.`)
}

async function untilGone(home: { controlSocket: string }): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while ((await askPlatform(home)) !== undefined) {
    if (performance.now() > deadline) {
      throw new CliError(`The platform still runs ${timeoutMs / 1000} s after it was asked to stop.`, {
        code: 'SOEN_STOP_TIMEOUT',
        hint: 'See what it is doing: `soen status` and `soen logs platform`.',
      })
    }
    await sleep(100)
  }
}
