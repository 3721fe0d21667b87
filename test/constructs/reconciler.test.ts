import { Stack, type App } from 'aws-cdk-lib';
import { expect, it } from 'vitest';
import { Configuration, Reconciler } from '../../lib/constructs/index.ts';
import { quietApp } from './bench.ts';

// What it does where it may heal, and that it needs each of its grants, is told in test/grants.
it('without healing may start nothing', () => {
  const stack = new Stack(quietApp(), 'Watched');
  const environment = new Configuration(stack, 'orders', { directory: 'examples/orders/config' }).addEnvironment('production');
  new Reconciler(stack, 'Watch', { environment, heal: false });

  const template = JSON.stringify((stack.node.root as App).synth().getStackByName('Watched').template);

  expect(template).toContain('rate(15 minutes)');
  expect(template.match(/appconfig:StartDeployment/g)).toHaveLength(1);
  expect(template).not.toContain('SLUICE_STRATEGY');
});
