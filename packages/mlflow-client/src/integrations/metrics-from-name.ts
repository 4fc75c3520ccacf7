/** The metrics in a checkpoint's name: `epoch=3-val_loss=0.12.ckpt` has an epoch and a loss. */
export function metricsFromName(name: string): Record<string, number> {
  const metrics: Record<string, number> = {}
  const pairs = /(?:^|[-/])([^-=/]+)=(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)/gi
  for (const [, key = '', value = ''] of name.matchAll(pairs)) {
    metrics[key] = Number(value)
  }
  return metrics
}
