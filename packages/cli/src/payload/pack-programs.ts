import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { bundleNames } from './bundle-names.ts'

const entries = [
  [bundleNames.authProxy, '@soen/auth-proxy/main'],
  [bundleNames.host, '@soen/host/main'],
] as const

/** Packs each program that is carried to machines, with all that it imports, into one file of a folder. */
export async function packPrograms(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [name, entry] of entries) {
    const bundle = await rolldown({
      input: fileURLToPath(import.meta.resolve(entry)),
      platform: 'node',
      // Optional parts that pg looks for and does without.
      external: ['pg-native', 'cloudflare:sockets'],
      logLevel: 'silent',
    })
    await bundle.write({ file: join(folder, name), format: 'esm', codeSplitting: false })
    await bundle.close()
  }
}
