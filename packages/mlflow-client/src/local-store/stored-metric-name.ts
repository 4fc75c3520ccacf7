import { statSync } from 'node:fs'
import { join } from 'node:path'

/** Two dots: a name that people choose has seldom any, and MLflow takes them. */
const INSTEAD_OF_SLASH = '..'

/**
 * The name that a metric has in a folder of metric files. A database keeps `a` and `a/b`; here `a` is a file and cannot
 * be the folder of `a/b`. Whichever comes second is kept beside the first: as `a..b`, or as `a..value`.
 */
export function storedMetricName(metricsFolder: string, key: string): string {
  const [first = '', ...parts] = key.split('/')
  let name = first
  for (const part of parts) {
    const separator = kindOf(join(metricsFolder, name)) === 'file' ? INSTEAD_OF_SLASH : '/'
    name = `${name}${separator}${part}`
  }
  while (kindOf(join(metricsFolder, name)) === 'folder') name = `${name}${INSTEAD_OF_SLASH}value`
  return name
}

function kindOf(path: string): 'file' | 'folder' | undefined {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return undefined
  return stats.isDirectory() ? 'folder' : 'file'
}
