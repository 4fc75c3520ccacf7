import { spawn } from 'node:child_process'
import { once } from 'node:events'

const openers: Partial<Record<NodeJS.Platform, string>> = { darwin: 'open', linux: 'xdg-open' }

/** Opens an address in the browser; false where none can be started. */
export async function openBrowser(url: string): Promise<boolean> {
  const opener = openers[process.platform]
  if (opener === undefined) return true
  const browser = spawn(opener, [url], { stdio: 'ignore', detached: true })
  const isStarted = await once(browser, 'spawn').then(
    () => true,
    () => false,
  )
  browser.unref()
  return isStarted
}
