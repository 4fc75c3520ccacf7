import * as z from 'zod'

// A format's title is its type in the reference; its message completes the sentence "expected …".
const text = (title: string, expected: string, pattern: RegExp): z.ZodString =>
  z.string(expected).regex(pattern, expected).meta({ title })

/** A time span. */
export const duration: z.ZodString = text('duration', 'a time such as 30m, 1h, 14d or 2w', /^[1-9]\d*[mhdw]$/)

/** A public DNS name. */
export const domain: z.ZodString = text(
  'domain',
  'a name such as mlflow.example.org',
  /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/,
)

/** A mail address. */
export const email: z.ZodString = text(
  'mail address',
  'an address such as admin@example.org',
  /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
)

/** The address of an HTTP service. */
export const httpUrl: z.ZodString = text(
  'URL',
  'an address that begins with https:// or http://',
  /^https?:\/\/[^\s/]+\S*$/,
)

/** A file or folder on the server. */
export const absolutePath: z.ZodString = text('path', 'an absolute path', /^\/\S+$/)

/** How a dynamic DNS name is updated. */
export const dnsUpdate: z.ZodString = text(
  'duckdns | URL',
  'duckdns or a URL with {domain} in it',
  /^(duckdns|https?:\/\/[^\s/]+\S*\{domain\}\S*)$/,
)

// Bucket names as S3 allows them: 3 to 63 lower-case letters, digits, dots and dashes.
const bucket = String.raw`s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]`
const folder = String.raw`(\/\S*)?`

/** A whole bucket. */
export const bucketUri: z.ZodString = text('S3 address', 's3://BUCKET', new RegExp(`^${bucket}$`))

/** Where artifacts are stored: the server's disk, a bucket or a folder in one. */
export const diskOrS3: z.ZodString = text(
  'disk | S3 address',
  'disk, s3://BUCKET or s3://BUCKET/FOLDER',
  new RegExp(`^(disk|${bucket}${folder})$`),
)

/** Where backups are stored: a bucket, a folder in one, or a folder of the server. */
export const s3OrPath: z.ZodString = text(
  'S3 address | path',
  's3://BUCKET, s3://BUCKET/FOLDER or an absolute path',
  new RegExp(String.raw`^(${bucket}${folder}|\/\S+)$`),
)

/** A database: the server's own, or the URL of another. */
export const database = (own: 'postgres' | 'sqlite'): z.ZodString =>
  // SQLAlchemy 2.1 uses psycopg 3 for a bare postgresql://, which is not installed with MLflow.
  text(
    `${own} | URL`,
    `${own} or a URL that begins with postgresql+psycopg2://`,
    new RegExp(String.raw`^(${own}|postgresql\+psycopg2:\/\/\S+)$`),
  )

// A name that begins with a dash would be taken for an option by the program that gets it.
const word = String.raw`[^\s@:\/-][^\s@:\/]*`

/** A host, by name or address. */
export const host: z.ZodString = text('host', 'a host name or address', new RegExp(`^${word}$`))

/** The name of an account, a person or a project. */
export const name: z.ZodString = text('name', 'a name without spaces', new RegExp(`^${word}$`))

/** A jump host, as `ssh -J` takes it. */
export const jumpHost: z.ZodString = text(
  'jump host',
  'a host such as alice@gate.example.org:22',
  new RegExp(String.raw`^(${word}@)?${word}(:\d{1,5})?$`),
)

/** An AWS region. */
export const region: z.ZodString = text('region', 'a region such as eu-central-1', /^[a-z]{2}(-[a-z]+)+-\d$/)

/** An AWS account number. YAML reads it as a number unless it is quoted, and it may begin with 0. */
export const account: z.ZodString = text('account number', 'twelve digits in quotes', /^\d{12}$/)

/** A TCP port. */
export const port: z.ZodNumber = z
  .int('a whole number')
  .min(1, '1 to 65535')
  .max(65_535, '1 to 65535')
  .meta({ title: 'port' })
