import { rolldown } from 'rolldown'

/** Packs a program with all its imports into one file, which runs on a machine with nothing but Node. */
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
