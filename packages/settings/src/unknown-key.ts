import { closest } from './closest.ts'
import { settingsKeys } from './keys.ts'

/** The hint for a key that the schema does not have. `where` is the kind of target it is in. */
export function hintForUnknownKey(path: readonly PropertyKey[], where: unknown): string {
  const names = path.map((key, depth) => (depth === 1 && path[0] === 'targets' ? 'NAME' : String(key)))
  const name = names.at(-1) ?? ''
  const siblings = settingsKeys().filter((key) => parentOf(key.path) === parentOf(names.join('.')))
  const usable = siblings.filter((key) => key.where.length === 0 || key.where.some((kind) => kind === where))

  const elsewhere = siblings.find((key) => key.path === names.join('.'))
  if (elsewhere !== undefined && !usable.includes(elsewhere)) {
    return `It belongs to targets with \`where: ${elsewhere.where.join('` or `where: ')}\`.`
  }
  const choices = usable.map((key) => key.path.slice(key.path.lastIndexOf('.') + 1))
  const meant = closest(name, choices)
  return meant === undefined ? `Keys of this group: ${choices.join(', ')}.` : `Did you mean \`${meant}\`?`
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.')))
}
