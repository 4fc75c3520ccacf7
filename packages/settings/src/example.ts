import { readFileSync } from 'node:fs'
import { LineCounter, isMap, isScalar, parseDocument } from 'yaml'
import type { YAMLMap } from 'yaml'

/** The annotated example: a template to copy, and the only place where keys are documented. */
export const exampleYaml: string = readFileSync(new URL('../soen.example.yaml', import.meta.url), 'utf8')

/** What the example says about one key. */
export interface Annotation {
  /** The comment above the key's first appearance, in Markdown. */
  readonly description: string
  /** The example's value; undefined for a group. */
  readonly example: unknown
}

/** The annotation of each key, by its dotted path with `NAME` in place of a target's name. */
export function annotations(yaml: string = exampleYaml): ReadonlyMap<string, Annotation> {
  const lines = yaml.split('\n')
  const counter = new LineCounter()
  const found = new Map<string, Annotation>()

  const visit = (map: YAMLMap, parent: string): void => {
    for (const { key, value } of map.items) {
      if (!isScalar(key) || !key.range) continue
      const path =
        parent === '' ? String(key.value) : `${parent}.${parent === 'targets' ? 'NAME' : String(key.value)}`
      const description = commentAbove(lines, counter.linePos(key.range[0]).line)
      if (!found.has(path) && description !== '') {
        found.set(path, { description, example: isMap(value) ? undefined : map.toJSON()[String(key.value)] })
      }
      if (isMap(value)) visit(value, path)
    }
  }

  const { contents } = parseDocument(yaml, { lineCounter: counter })
  if (isMap(contents)) visit(contents, '')
  return found
}

function commentAbove(lines: readonly string[], line: number): string {
  const comment: string[] = []
  // Lines count from 1, so `line - 2` is the index of the one above.
  for (let index = line - 2; lines[index]?.trimStart().startsWith('#'); index -= 1) {
    comment.unshift((lines[index] ?? '').replace(/^\s*#\s?/, ''))
  }
  return comment.join(' ')
}
