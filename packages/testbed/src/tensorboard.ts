import { fileURLToPath } from 'node:url'
import { ensureEnvironment } from '@soen/mlflow-server'

/**
 * Python with the real TensorBoard but without TensorFlow, as is usual with PyTorch: its writer and reader of event
 * files. Installed into the user's cache the first time.
 */
export async function ensureTensorBoard(): Promise<string> {
  const { python } = await ensureEnvironment({
    name: 'tensorboard',
    label: 'TensorBoard',
    requirements: fileURLToPath(new URL('../tensorboard-requirements.txt', import.meta.url)),
  })
  return python
}
