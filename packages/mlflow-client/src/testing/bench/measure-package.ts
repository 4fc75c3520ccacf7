import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { quantile } from '@soen/testbed'
import { rolldown, type RolldownOutput } from 'rolldown'

const STARTS = 9

/** The size of the package, and the cost of loading it. */
export interface PackageFigures {
  /** Everything that `import` loads at once, minified and gzipped. */
  readonly gzippedBytes: number
  readonly importMs: number
}

/**
 * Bundle a program with the parts of the package that it uses: from source, Node's own type stripping would be
 * measured as well.
 */
export async function bundleProgram(program: string, dir: string): Promise<RolldownOutput> {
  const bundle = await rolldown({ input: program, platform: 'node', treeshake: { moduleSideEffects: false } })
  try {
    return await bundle.write({ dir, format: 'esm', minify: true })
  } finally {
    await bundle.close()
  }
}

/** Bundle the package as a program would, and load it in new processes. */
export async function measurePackage(folder: string): Promise<PackageFigures> {
  const program = join(folder, 'program.js')
  mkdirSync(folder, { recursive: true })
  // A training that logs; the rest of the package is tree-shaken, as in any bundle.
  writeFileSync(
    program,
    `export { init } from ${JSON.stringify(join(import.meta.dirname, '../../index.ts'))}`,
  )
  const { output } = await bundleProgram(program, join(folder, 'dist'))
  const chunks = new Map(
    output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file] as const] : [])),
  )
  // Dynamic imports (the YAML parser, the local store) are loaded only where needed.
  const wanted = new Set(
    [...chunks.values()].filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName),
  )
  for (const name of wanted) for (const imported of chunks.get(name)?.imports ?? []) wanted.add(imported)
  const code = [...wanted].map((name) => chunks.get(name)?.code ?? '').join('')
  const entry = join(folder, 'dist/program.js')
  const start = `const start = performance.now(); await import(${JSON.stringify(entry)}); process.stdout.write(String(performance.now() - start))`
  const times = Array.from({ length: STARTS }, () =>
    Number(execFileSync(process.execPath, ['--input-type=module', '--eval', start], { encoding: 'utf8' })),
  )
  return { gzippedBytes: gzipSync(code, { level: 9 }).length, importMs: quantile(times, 0.5) }
}
