import { fileURLToPath } from 'node:url'
import { packPrograms } from '../src/payload/pack-programs.ts'

/** Puts the programs that are carried to machines into the built package. */
await packPrograms(fileURLToPath(new URL('../dist/payload/programs', import.meta.url)))
