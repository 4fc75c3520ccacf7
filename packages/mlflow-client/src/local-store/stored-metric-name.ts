import { statSync } from 'node:fs'
import { join } from 'node:path'

/** Two dots: rare in names that people choose, and accepted by MLflow. */
const INSTEAD_OF_SLASH = '..'

/**
 * The name of a metric in a folder of metric files. A database stores `a` and `a/b`; here `a` is a file and cannot
 * be the folder of `a/b`. Whichever comes second is stored beside the first: as `a..b`, or as `a..value`.
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
