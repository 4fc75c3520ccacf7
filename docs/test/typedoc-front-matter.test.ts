import { expect, test } from 'vitest'
import { withFrontMatter } from '../plugins/typedoc-front-matter.ts'

test('a generated page gets a description and a kind', () => {
  expect(withFrontMatter('---\ntitle: "Run"\n---\n\ntext\n---\n', 'Run')).toBe(
    '---\ndescription: "Run of the TypeScript client."\nkind: reference\ntitle: "Run"\n---\n\ntext\n---\n',
  )
})

test('the first page is described as the list that it is', () => {
  expect(withFrontMatter('---\ntitle: "@soen/mlflow-client"\n---\n', '@soen/mlflow-client')).toContain(
    'description: "Every class, function and type of the TypeScript client."',
  )
})
