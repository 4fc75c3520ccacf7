import { setTimeout as sleep } from 'node:timers/promises'
import { HostError } from '../errors.ts'
import { units } from '../layout.ts'
import { runOrThrow } from '../machine/machine.ts'
import { recordInAudit } from './audit.ts'
import type { Surroundings } from './apply.ts'
import { lockMachine } from './deploy-lock.ts'
import { isAnswering, readStatus, type ServerStatus } from './status.ts'

/** MLflow imports for ten seconds; a busy small machine takes its time. */
const healthTimeoutMs = 180_000

/**
 * Restarts MLflow, then the front door, each only when what is before it answers.
 *
 * @throws HostError `SOEN_NOT_HEALTHY`
 */
export async function restart(
  { by, version }: { readonly by: string; readonly version: string },
  { machine, say }: Surroundings,
): Promise<ServerStatus> {
  using _lock = await lockMachine(machine, {
    holder: { by, verb: 'restart' },
    waitS: 0,
    onWaiting: (holder) => say({ type: 'waiting', holder }),
  })
  const record = (result: 'done' | 'failed'): Promise<void> =>
    recordInAudit(machine, { by, version, verb: 'restart', result })
  for (const unit of [units.mlflow, units.authProxy]) {
    say({ type: 'note', message: `Restarting ${unit}` })
    await runOrThrow(machine, 'systemctl', 'restart', unit)
    if (await becomesHealthy()) continue
    await record('failed')
    throw new HostError(`The server does not answer after the restart of ${unit}.`, {
      code: 'SOEN_NOT_HEALTHY',
      hint: `Its last words: soen logs --unit ${unit}`,
    })
  }
  await record('done')
  return readStatus(machine)
}

async function becomesHealthy(): Promise<boolean> {
  const deadline = performance.now() + healthTimeoutMs
  while (performance.now() < deadline) {
    if (await isAnswering()) return true
    await sleep(250)
  }
  return false
}
