import { runOrThrow, type Machine } from '../machine/machine.ts'

/** Current properties of a unit; an unknown one is an empty string. */
export async function propertiesOf(
  unit: string,
  machine: Machine,
  ...names: readonly string[]
): Promise<Readonly<Record<string, string>>> {
  const output = await runOrThrow(machine, 'systemctl', 'show', unit, `--property=${names.join(',')}`)
  return Object.fromEntries(output.split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2)))
}

/** When a unit started, in milliseconds since 1970; null when it is not running. */
export async function startOf(unit: string, machine: Machine): Promise<number | null> {
  const asked = ['ActiveState', 'ActiveEnterTimestampMonotonic']
  const { ActiveState, ActiveEnterTimestampMonotonic } = await propertiesOf(unit, machine, ...asked)
  if (ActiveState !== 'active') return null
  // systemd counts in microseconds of the monotonic clock, the same one as Node's.
  const agoMs = Number(process.hrtime.bigint() / 1_000_000n) - Number(ActiveEnterTimestampMonotonic) / 1000
  return Date.now() - agoMs
}

/** The last log lines of a unit, for an error: they have the reason. */
export async function lastWords(unit: string, machine: Machine): Promise<string> {
  const options = ['--unit', unit, '--lines', '8', '--output', 'cat', '--no-pager', '--quiet']
  const { stdout } = await machine.run('journalctl', options)
  return stdout.trim() === '' ? 'It logged nothing.' : `Its last words:\n${stdout.trim()}`
}
