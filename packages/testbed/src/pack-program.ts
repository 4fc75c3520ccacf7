import { rolldown } from 'rolldown'

/** Packs a program with all that it imports into one file, which Node runs on a machine that has nothing else. */
export async function packProgram(entry: string, file: string): Promise<void> {
  const bundle = await rolldown({
    input: entry,
    platform: 'node',
    external: ['pg-native'],
    logLevel: 'silent',
  })
  await bundle.write({ file, format: 'esm', codeSplitting: false })
  await bundle.close()
}
