import { CliError } from '../errors.ts'

/** A processor architecture that servers may have, by Node's name. */
export type Architecture = 'x64' | 'arm64'

const names: Readonly<Record<string, Architecture>> = {
  x86_64: 'x64',
  amd64: 'x64',
  aarch64: 'arm64',
  arm64: 'arm64',
}

/**
 * The architecture that `uname -m` names.
 *
 * @throws CliError `SOEN_HOST_ARCHITECTURE`
 */
export function architectureOf(machine: string): Architecture {
  const found = names[machine]
  if (found !== undefined) return found
  throw new CliError(`The machine has a processor of the kind ${machine}.`, {
    code: 'SOEN_HOST_ARCHITECTURE',
    hint: 'Use a machine with x86_64 or arm64: there is a Node and an MLflow for those.',
  })
}
