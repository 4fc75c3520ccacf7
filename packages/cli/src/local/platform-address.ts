import { CliError } from '../errors.ts'
import { askPlatform } from './control.ts'
import { findHome } from './home.ts'

/**
 * The address of the platform on this computer.
 *
 * @throws CliError `SOEN_NOTHING_RUNS`
 */
export async function addressOfPlatform({ home }: { readonly home?: string }): Promise<string> {
  const platform = await askPlatform(findHome({ chosen: home }))
  if (platform?.url) return platform.url
  throw new CliError('No platform runs on this computer, and there is no soen.yaml with a server.', {
    code: 'SOEN_NOTHING_RUNS',
    hint: 'Start the local platform (soen up), or name a server: --settings FILE --target NAME.',
  })
}
