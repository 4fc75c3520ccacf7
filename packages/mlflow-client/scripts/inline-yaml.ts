// Replaces the built config-file.js by one that contains the YAML parser: the package has no dependency at run time.
import { readFileSync } from 'node:fs'
import { dirname, isAbsolute, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = join(import.meta.dirname, '..')
const room = 'settings'
const source = join(root, 'src', room)
const parser = dirname(fileURLToPath(import.meta.resolve('yaml/package.json')))
const licence = readFileSync(join(parser, 'LICENSE'), 'utf8')

const bundle = await rolldown({
  input: join(source, 'config-file.ts'),
  platform: 'node',
  // Our own modules stay separate: an error class must be the same one everywhere.
  external: (id, importer) => id.startsWith('.') && importer !== undefined && dirname(importer) === source,
})
await bundle.write({
  file: join(root, 'dist', room, 'config-file.js'),
  format: 'esm',
  paths: (id) => (isAbsolute(id) ? `./${relative(source, id).replace(/\.ts$/, '.js')}` : id),
  banner: `/*\nContains the package yaml, under this licence:\n\n${licence.trim()}\n*/`,
})
await bundle.close()
