import { homeOption, jsonOption, settingsOption, targetOption } from './flags.ts'
import { newVerb, type Verb } from './verb.ts'

/** `soen open`: opens the server's pages in the browser. */
export const open: Verb = (parent, terminalFor) => {
  newVerb(parent, 'open', "Open the server's pages in your browser.", 'soen open', 'soen open --print')
    .addOption(targetOption())
    .addOption(settingsOption())
    .addOption(homeOption())
    .option('--print', 'Print the address, and open nothing.')
    .addOption(jsonOption())
    .action(async (flags) => {
      const { findPlace } = await import('../roads/find-place.ts')
      const { addressOfPlatform } = await import('../local/platform-address.ts')
      const terminal = terminalFor(flags)
      const place = await findPlace(flags)
      const url = place.kind === 'server' ? `https://${place.domain}` : await addressOfPlatform(flags)
      if (flags.json) return terminal.json({ url })
      terminal.result(url)
      if (flags.print) return
      const { openBrowser } = await import('../output/browser.ts')
      if (!(await openBrowser(url))) {
        terminal.note('No browser can be started here: open the address in yours.')
      }
    })
}
