import { once } from 'node:events'
import { createServer } from 'node:net'
import { hasErrorCode } from '@soen/mlflow-server'
import { localDefaults } from '@soen/settings'
import { CliError } from '../errors.ts'

/**
 * Makes sure, before anything slow is started, that a loopback port can be listened on.
 *
 * @throws CliError `SOEN_PORT_BUSY` or `SOEN_PORT_REFUSED`
 */
export async function requireFreePort(port: number): Promise<void> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    throw portError(port, error)
  }
  server.close()
  await once(server, 'close')
}

/** Below it, only administrators may listen. */
const firstFreePort = 1024

/** Why a port can't be listened on, and another that perhaps can. */
export function portError(port: number, cause: unknown): CliError {
  const isBusy = hasErrorCode(cause, 'EADDRINUSE')
  const isReserved = !isBusy && port < firstFreePort
  const what = isBusy
    ? `Port ${port} is taken by another program.`
    : isReserved
      ? `Port ${port} is not for this account: those below ${firstFreePort} are for administrators.`
      : `Port ${port} can't be used here.`
  const other = port < firstFreePort || port === 65_535 ? localDefaults.port : port + 1
  return new CliError(what, {
    code: isBusy ? 'SOEN_PORT_BUSY' : 'SOEN_PORT_REFUSED',
    hint: `Choose another: soen up --port ${other}.`,
    cause,
  })
}
