import { fileURLToPath } from 'node:url'

const path = (name: string): string => fileURLToPath(new URL(`../mlflow/${name}`, import.meta.url))

/** Paths of the hash-locked requirements: what is installed is what was tested. */
export const lockedRequirements: Readonly<Record<'mlflow' | 'uv' | 'caddy', string>> = {
  mlflow: path('requirements.txt'),
  uv: path('uv-requirements.txt'),
  caddy: path('caddy-requirements.txt'),
}
