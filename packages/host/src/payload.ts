import { programFolder } from './layout.ts'

/** Where carried files are delivered, each under its SHA-256. On the same file system as `programFolder`. */
export const payloadStore = '/opt/soen/store'

/** A file that the deploy carries to the machine. */
export interface PayloadFile {
  /** Its place below `programFolder`, for instance `bin/node`. */
  readonly path: string
  /** SHA-256 of its content, in hex. */
  readonly sha256: string
}

/** A carried file that stays in the store, under its hash, until it is needed under its own name. */
export interface StoredFile {
  readonly name: string
  readonly sha256: string
}

/**
 * What the deploy carries to the machine, so that a version is complete and exact: the files are in the store before
 * the plan is made, and the plan verifies each by its hash.
 *
 * Every payload has those in `payloadPaths`. With `wheels/*.whl`, Python packages are installed from these without
 * any registry; with `packages/*.deb`, so are the distribution's packages.
 */
export interface Payload {
  readonly files: readonly PayloadFile[]
  /** What must not be in the settings file; each secret is passed only to the program that needs it. */
  readonly secrets?: ServerSecrets | undefined
}

/** Secrets of a server. */
export interface ServerSecrets {
  /** For a database that is not on the server. */
  readonly databasePassword?: string | undefined
  /** Keys of the artifacts' bucket, where the machine has no role of its own that grants access. */
  readonly s3?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined
  /** Token of the dynamic DNS service. */
  readonly dnsToken?: string | undefined
}

/** The files that every payload has; Caddy only where the distribution doesn't package it. */
export const payloadPaths = {
  /** The Node runtime. */
  node: 'bin/node',
  /** The installer of Python environments. */
  uv: 'bin/uv',
  /** The packed auth-proxy: one file that Node runs. */
  authProxy: 'auth-proxy/main.mjs',
  /** The hash-locked requirements of MLflow. */
  requirements: 'mlflow/requirements.txt',
  /** The program that runs MLflow. */
  mlflowProgram: 'mlflow/serve.py',
  /** Keeps MLflow able to start on its database; the program imports it from its own folder. */
  mlflowDatabase: 'mlflow/kept_database.py',
  /** The TLS server. */
  caddy: 'bin/caddy',
} as const

/** Files of these folders stay in the store, where the installers find them. */
const storedFolders = ['wheels/', 'packages/'] as const

/** The carried files of one such folder, named without it. */
export function storedFiles(
  { files }: Payload,
  folder: (typeof storedFolders)[number],
): readonly StoredFile[] {
  return files
    .filter(({ path }) => path.startsWith(folder))
    .map(({ path, sha256 }) => ({ name: path.slice(folder.length), sha256 }))
}

/** The carried files that are placed below `programFolder`. */
export function placedFiles({ files }: Payload): readonly PayloadFile[] {
  return files.filter(({ path }) => !storedFolders.some((folder) => path.startsWith(folder)))
}

/** The path of a carried file on the machine. */
export function placeOf(path: string): string {
  return `${programFolder}/${path}`
}

/**
 * The path of its Python environment: each lock file has one of its own, so that the running one is not disturbed.
 */
export function environmentOf(payload: Pick<Payload, 'files'>): string {
  return `${programFolder}/mlflow/${sha256Of(payload, payloadPaths.requirements).slice(0, 12)}`
}

/** The hash of a file that must be in the payload. */
export function sha256Of({ files }: Pick<Payload, 'files'>, path: string): string {
  const file = files.find((candidate) => candidate.path === path)
  if (file === undefined) throw new Error(`The payload has no ${path}.`)
  return file.sha256
}
