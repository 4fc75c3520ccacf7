import type { LayerSizes } from './network.ts'
import { parameterCount } from './network.ts'
import type { TrainingConfig } from './training-config.ts'

/** The Markdown at the top of the run's page: what was fitted to what. */
export function describeRun(config: TrainingConfig, sizes: LayerSizes): string {
  return [
    '# Surrogate of a superconducting optoelectronic dendrite',
    '',
    `A ${sizes.join('-')} network (tanh, ${parameterCount(sizes)} parameters) learns the signal that a leaky`,
    'integrating dendrite holds after a flux pulse:',
    '',
    '`ds/dt = gain * r(flux, bias, s) - s / decayTime`',
    '',
    `- **Data**: ${config.samples} simulated dendrites, read-out noise ${config.noise}; validation is without noise`,
    '- **Inputs**: decay time, gain, bias, flux, pulse length',
    `- **Optimiser**: Adam, learning rate ${config.learningRate} falling along a cosine, batches of ${config.batchSize}`,
    '- **Accuracy**: share of validation dendrites predicted within 0.02',
    '',
    'The `.ckpt` holds weights and optimiser state; its `.soen` side-car says what is in it.',
    '',
  ].join('\n')
}
