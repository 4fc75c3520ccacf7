import { once } from 'node:events'
import { createServer } from 'node:net'
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
    const isBusy = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    throw new CliError(
      isBusy ? `Port ${port} is taken by another program.` : `Port ${port} can't be used here.`,
      {
        code: isBusy ? 'SOEN_PORT_BUSY' : 'SOEN_PORT_REFUSED',
        hint: `Choose another: soen up --port ${port + 1} (npm start -- --port ${port + 1}).`,
        cause: error,
      },
    )
  }
  server.close()
  await once(server, 'close')
}
