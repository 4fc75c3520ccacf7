import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { newServerVerb, type Verb } from './verb.ts'

/** `soen support-bundle`: writes one text file for diagnosis; secrets are redacted on the machine. */
export const supportBundle: Verb = (parent, terminalFor) => {
  const summary = 'Collect what helps to find a fault, without secrets.'
  newServerVerb(parent, 'support-bundle', summary, 'soen support-bundle')
    .option('-o, --output <file>', 'Where to write it. Default: soen-support-TARGET.txt here.')
    .action(async (flags) => {
      const { findServer } = await import('../roads/find-place.ts')
      const terminal = terminalFor(flags)
      const { name, open } = await findServer(flags)
      await using road = await open(flags, terminal)
      const files = await terminal.step('Asking the machine', () => road.ask({ verb: 'support' }))
      const path = resolve(flags.output ?? `soen-support-${name}.txt`)
      const text = files.map((file) => `===== ${file.name}\n${file.text}\n`).join('')
      await writeFile(path, text, { mode: 0o600 })
      if (flags.json) terminal.json({ target: name, path, files: files.map((file) => file.name) })
      else terminal.result(path)
      terminal.note(
        'Look it over before you send it: secrets are taken out, names of people and runs are not.',
      )
    })
}
