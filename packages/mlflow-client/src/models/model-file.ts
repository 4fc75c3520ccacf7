import { randomUUID } from 'node:crypto'

/** A tensor among a model's inputs or outputs. */
export interface TensorField {
  readonly name?: string | undefined
  /** As numpy names it: `float32`, `int64`. */
  readonly dtype: string
  /** -1 for a dimension of any size. */
  readonly shape: readonly number[]
}

/** A column of a table among a model's inputs or outputs. */
export interface ColumnField {
  readonly name: string
  readonly type: 'boolean' | 'integer' | 'long' | 'float' | 'double' | 'string' | 'binary' | 'datetime'
  /** True by default. */
  readonly required?: boolean | undefined
}

/** The inputs and outputs of a model. */
export interface ModelSignature {
  readonly inputs: readonly (TensorField | ColumnField)[]
  readonly outputs?: readonly (TensorField | ColumnField)[] | undefined
}

/** The description of a model in MLflow's terms. */
export interface ModelDescription {
  /** Folder among the run's artifacts. */
  readonly path: string
  /** What the loader of each flavour needs: file names below the folder, versions. */
  readonly flavors: Readonly<Record<string, object>>
  readonly signature?: ModelSignature | undefined
  readonly metadata?: object | undefined
}

/** What MLflow stores about a logged model, in the run's tag and in the model's own description. */
export interface ModelEntry {
  readonly artifact_path: string
  readonly flavors: Readonly<Record<string, object>>
  readonly model_uuid: string
  readonly utc_time_created: string
}

/** The entry of a model that is logged now. */
export function toModelEntry({ path, flavors }: ModelDescription, now: Date = new Date()): ModelEntry {
  return {
    artifact_path: path,
    flavors,
    model_uuid: randomUUID().replaceAll('-', ''),
    utc_time_created: now.toISOString().replace('T', ' ').replace('Z', '000'),
  }
}

/** The text of the file `MLmodel`: YAML with each value as JSON, which is valid YAML. */
export function toModelFile(entry: ModelEntry, { signature, metadata }: ModelDescription): string {
  const fields = {
    ...entry,
    ...(signature !== undefined && { signature: spellSignature(signature) }),
    ...(metadata !== undefined && { metadata }),
  }
  return Object.entries(fields)
    .map(([key, value]) => `${key}: ${printable(JSON.stringify(value))}\n`)
    .join('')
}

function spellSignature({ inputs, outputs }: ModelSignature): object {
  return {
    inputs: JSON.stringify(inputs.map(spellField)),
    outputs: outputs === undefined ? null : JSON.stringify(outputs.map(spellField)),
    params: null,
  }
}

function spellField(field: TensorField | ColumnField): object {
  if ('type' in field) return { type: field.type, name: field.name, required: field.required ?? true }
  const { name, dtype, shape } = field
  return { ...(name !== undefined && { name }), type: 'tensor', 'tensor-spec': { dtype, shape } }
}

/** Escapes the characters that JSON allows unescaped but YAML does not. */
function printable(json: string): string {
  return json.replaceAll(
    /[\u007F-\u009F\uFEFF\uFFFE\uFFFF]/g,
    (character) => String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
