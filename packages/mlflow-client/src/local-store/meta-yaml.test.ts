import { expect, test } from 'vitest'
import { parseMetaFields, mappingField, textField, integerField } from './meta-fields.ts'
import { toMetaYaml } from './meta-yaml.ts'

const texts = [
  '',
  'null',
  '1e5',
  'yes',
  ' spaces ',
  'a: b # c',
  '"quoted" \\ \'single\'',
  'line\nbreak\r\ttab',
  'Läufer 🏃 损失',
  '\u0000\u001f\u007f\u0085\u2028\u2029\ufeff',
  'x'.repeat(500),
]

test.each(texts)('carries the text %j', async (text) => {
  const fields = await parseMetaFields(toMetaYaml({ key: text, tags: { [text]: text } }))
  expect(fields?.get('key')).toBe(text)
  expect(fields && mappingField(fields, 'tags')).toEqual({ [text]: text })
})

test('sorts keys as MLflow does, and tells numbers and nothing from texts', () => {
  expect(toMetaYaml({ b: 1, a: null, list: [], map: {}, text: '1' })).toBe(
    'a: null\nb: 1\nlist: []\nmap: {}\ntext: "1"\n',
  )
})

test('reads what Python writes', async () => {
  const text =
    "artifact_uri: file:///a\nend_time: null\nexperiment_id: '302301976611586721'\nname: 'my exp: ü'\n" +
    'run_name: a name that is long enough for Python to break it in two, which\n  it does\nstatus: 3\ntags: []\n'
  const fields = (await parseMetaFields(text)) ?? new Map()
  expect(textField(fields, 'experiment_id')).toBe('302301976611586721')
  expect(textField(fields, 'name')).toBe('my exp: ü')
  expect(textField(fields, 'run_name')).toMatch(/which it does$/)
  expect(integerField(fields, 'status')).toBe(3)
  expect(integerField(fields, 'end_time')).toBeUndefined()
  expect(textField(fields, 'end_time')).toBeUndefined()
  expect(textField(fields, 'tags')).toBeUndefined()
})

test.each(['', 'just text', '- a\n- b', 'a: [', 'a: "torn'])('takes %j for torn', async (text) => {
  expect(await parseMetaFields(text)).toBeUndefined()
})
