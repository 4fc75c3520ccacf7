import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { SupportFile } from '@soen/host'
import type { Terminal } from '../output/terminal.ts'
import { findSshTarget } from '../targets/find-target.ts'
import { openHost } from '../roads/open-road.ts'
import type { ServerOptions } from '../server/deploy.ts'

/** Collects what helps to find a fault into one text file, from which secrets were taken out on the machine. */
export async function supportBundle(
  options: ServerOptions & { readonly output?: string },
  terminal: Terminal,
): Promise<void> {
  const found = await findSshTarget(options)
  await using host = await openHost(found, options, terminal)
  const files = await terminal.step('Asking the machine', () =>
    host.ask<readonly SupportFile[]>({ verb: 'support' }),
  )
  const path = resolve(options.output ?? `soen-support-${found.name}.txt`)
  const text = files.map(({ name, text: content }) => `===== ${name}\n${content}\n`).join('')
  await writeFile(path, text, { mode: 0o600 })
  if (options.json) terminal.json({ target: found.name, path, files: files.map(({ name }) => name) })
  else terminal.result(path)
  terminal.note('Look it over before you send it: secrets are taken out, names of people and runs are not.')
}
