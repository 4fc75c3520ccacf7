import { HostError } from '../../errors.ts'
import { units } from '../../layout.ts'
import { runOrThrow, type Machine } from '../../machine/machine.ts'
import { lastWords } from '../../resources/unit-properties.ts'
import { until } from '../../until.ts'
import { changing } from '../changing.ts'
import { isAnswering, readStatus, type ServerStatus } from '../status.ts'
import type { Changer, Verb } from '../verb.ts'

/** MLflow's imports take ten seconds; on a small, busy machine its start takes much longer. */
const healthTimeoutMs = 180_000

/**
 * Restarts MLflow, then the front door, each only when the one before it is healthy.
 *
 * @throws HostError `SOEN_NOT_HEALTHY`
 */
export const restart: Verb<Changer, ServerStatus> = {
  fields: { by: 'string', version: 'string' },
  async run({ by, version }, around) {
    const { machine, say } = around
    return changing({ verb: 'restart', by, version }, around, async () => {
      for (const unit of [units.mlflow, units.authProxy]) {
        say({ type: 'note', message: `Restarting ${unit}` })
        await restartUnit(unit, machine)
      }
      return { value: await readStatus(machine) }
    })
  },
}

async function restartUnit(unit: string, machine: Machine): Promise<void> {
  try {
    await runOrThrow(machine, 'systemctl', 'restart', unit)
  } catch (cause) {
    const why = new Error(await lastWords(unit, machine), { cause })
    throw notHealthy(`${unit} does not start.`, unit, why)
  }
  if (await until(isHealthy, { timeoutMs: healthTimeoutMs })) return
  throw notHealthy(`The server does not answer after the restart of ${unit}.`, unit)
}

const isHealthy = async (): Promise<true | undefined> => ((await isAnswering()) ? true : undefined)

function notHealthy(message: string, unit: string, cause?: unknown): HostError {
  const hint = `Its last words: soen logs --unit ${unit}`
  return new HostError(message, { code: 'SOEN_NOT_HEALTHY', hint, cause })
}
