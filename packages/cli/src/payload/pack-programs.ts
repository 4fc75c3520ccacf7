import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { bundleNames } from './bundle-names.ts'

const entries = [
  [bundleNames.authProxy, '@soen/auth-proxy/main'],
  [bundleNames.host, '@soen/host/main'],
] as const

/** Packs each program that is carried to machines, with all its imports, into one file in a folder. */
export async function packPrograms(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [name, entry] of entries) {
    const bundle = await rolldown({
      input: fileURLToPath(import.meta.resolve(entry)),
      platform: 'node',
      // Optional dependencies of pg, which works without them.
      external: ['pg-native', 'cloudflare:sockets'],
      logLevel: 'silent',
    })
    await bundle.write({ file: join(folder, name), format: 'esm', codeSplitting: false })
    await bundle.close()
  }
}
