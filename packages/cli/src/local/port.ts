import { once } from 'node:events'
import { createServer } from 'node:net'
import { hasErrorCode } from '@soen/mlflow-server'
import { localDefaults } from '@soen/settings'
import { CliError } from '../errors.ts'

/**
 * Checks, before anything slow is started, that a loopback port is free.
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

/** Lower ports are reserved for administrators. */
const firstFreePort = 1024

/** Explains why a port cannot be used, and suggests another. */
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
