import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Terminal } from '../output/terminal.ts'
import { findTarget, type WhichTarget } from '../targets/find-target.ts'
import { askPlatform } from '../local/control.ts'
import { findHome } from '../local/home.ts'
import { CliError } from '../errors.ts'

/** The options of `soen open`. */
export interface OpenOptions extends WhichTarget {
  readonly home?: string
  readonly json?: boolean
  /** Says where it is, and opens nothing. */
  readonly print?: boolean
}

const openers: Partial<Record<NodeJS.Platform, string>> = { darwin: 'open', linux: 'xdg-open' }

/** Opens the server's pages in the browser; where there is none, its address is the result. */
export async function open(options: OpenOptions, terminal: Terminal): Promise<void> {
  const url = await addressOf(options)
  if (options.json) terminal.json({ url })
  else terminal.result(url)
  if (options.json || options.print) return
  const opener = openers[process.platform]
  if (opener === undefined) return
  const browser = spawn(opener, [url], { stdio: 'ignore', detached: true })
  const [error] = await Promise.race([once(browser, 'spawn').then(() => []), once(browser, 'error')]).catch(
    (cause: unknown) => [cause],
  )
  browser.unref()
  if (error !== undefined) terminal.note('No browser can be started here: open the address in yours.')
}

async function addressOf(options: OpenOptions): Promise<string> {
  const found = options.home === undefined ? await findTarget(options) : undefined
  if (found !== undefined && found.target.where !== 'local') return `https://${found.target.domain}`
  const platform = await askPlatform(findHome({ chosen: options.home }))
  if (platform?.url) return platform.url
  throw new CliError('No platform runs on this computer, and there is no soen.yaml with a server.', {
    code: 'SOEN_NOTHING_RUNS',
    hint: 'Start the local platform (soen up), or name a server: --settings FILE --target NAME.',
  })
}
