import { fileURLToPath } from 'node:url'

const path = (name: string): string => fileURLToPath(new URL(`../mlflow/${name}`, import.meta.url))

/** Paths of the hash-locked requirements: exactly what was tested is installed. */
export const lockedRequirements: Readonly<Record<'mlflow' | 'uv' | 'caddy', string>> = {
  mlflow: path('requirements.txt'),
  uv: path('uv-requirements.txt'),
  caddy: path('caddy-requirements.txt'),
}
