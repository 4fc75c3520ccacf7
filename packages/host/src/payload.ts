import { programFolder } from './layout.ts'

/** Where the delivery puts each carried file, under the name of its SHA-256. On the file system of `programFolder`. */
export const payloadStore = '/opt/soen/store'

/** One file that the deploy carries to the machine. */
export interface PayloadFile {
  /** Its place below `programFolder`, for instance `bin/node`. */
  readonly path: string
  /** Of its content, hexadecimal. */
  readonly sha256: string
}

/** A carried file that stays in the store, under its hash, until somebody needs it under its own name. */
export interface StoredFile {
  readonly name: string
  readonly sha256: string
}

/**
 * What the deploy carries to the machine, so that a version is a version: the files lie in the store before the
 * plan is made, and the plan checks each by its hash.
 *
 * Every payload has those in `payloadPaths`; with `wheels/*.whl` beside them, Python packages come from there and
 * no registry is asked; with `packages/*.deb`, the same holds for the distribution's packages.
 */
export interface Payload {
  readonly files: readonly PayloadFile[]
  /** What must not lie in the settings file; each part is given to the one program that needs it. */
  readonly secrets?: ServerSecrets | undefined
}

/** Secrets of a server. */
export interface ServerSecrets {
  /** Of a database that is not on the server. */
  readonly databasePassword?: string | undefined
  /** Keys of the artifacts' bucket, where the machine itself has no role that opens it. */
  readonly s3?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined
  /** Token of the dynamic DNS service. */
  readonly dnsToken?: string | undefined
}

/** The files that every payload has; Caddy only where the distribution has no package of it. */
export const payloadPaths = {
  /** The Node runtime. */
  node: 'bin/node',
  /** The installer of Python environments. */
  uv: 'bin/uv',
  /** The packed auth-proxy: one file that Node runs. */
  authProxy: 'auth-proxy/main.mjs',
  /** The hash-locked requirements of MLflow. */
  requirements: 'mlflow/requirements.txt',
  /** What runs MLflow. */
  mlflowProgram: 'mlflow/serve.py',
  /** What keeps MLflow able to start on its database; the program imports it from its own folder. */
  mlflowDatabase: 'mlflow/kept_database.py',
  /** The TLS server. */
  caddy: 'bin/caddy',
} as const

/** Files of these folders stay in the store: the installers find them there. */
const storedFolders = ['wheels/', 'packages/'] as const

/** The carried files of one such folder, without its name. */
export function storedFiles(
  { files }: Payload,
  folder: (typeof storedFolders)[number],
): readonly StoredFile[] {
  return files
    .filter(({ path }) => path.startsWith(folder))
    .map(({ path, sha256 }) => ({ name: path.slice(folder.length), sha256 }))
}

/** The carried files that are used from their place. */
export function placedFiles({ files }: Payload): readonly PayloadFile[] {
  return files.filter(({ path }) => !storedFolders.some((folder) => path.startsWith(folder)))
}

/** Where a carried file stands on the machine. */
export function placeOf(path: string): string {
  return `${programFolder}/${path}`
}

/** Where its Python environment is: each lock has a folder of its own, so that what runs goes on undisturbed. */
export function environmentOf(payload: Pick<Payload, 'files'>): string {
  return `${programFolder}/mlflow/${sha256Of(payload, payloadPaths.requirements).slice(0, 12)}`
}

/** The hash of a file that the payload has. */
export function sha256Of({ files }: Pick<Payload, 'files'>, path: string): string {
  const file = files.find((candidate) => candidate.path === path)
  if (file === undefined) throw new Error(`The payload has no ${path}.`)
  return file.sha256
}
