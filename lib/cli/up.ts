import type { Command } from './command.ts';

/** `sluice up`. */
export const up: Command = {
  name: 'up',
  summary: 'Start a local AWS, and say how SDKs find it',
  about: [
    'AppConfig with staged deployments, its agent, Lambda, Step Functions, CloudWatch, EventBridge, CloudFormation, IAM, KMS, S3, STS and SSM, on loopback only. Any credentials do.',
    'Ctrl-C ends it and leaves nothing behind.',
  ],
  options: [
    { type: 'port', name: 'port', value: 'N', default: '4566', summary: 'Where SDKs connect; 0 is any free port' },
    { type: 'port', name: 'agent-port', value: 'N', off: true, default: '2772', summary: 'Where the AppConfig agent answers, or off' },
    { type: 'text', name: 'seed', value: 'S', default: 'sluice', summary: 'Where ids and draws come from' },
    { type: 'choice', name: 'clock', value: 'C', choices: ['real', 'virtual'], default: 'real', summary: 'A virtual clock moves only as far as it is told' },
    { type: 'text', name: 'data', value: 'DIR', summary: 'Where code and large objects lie, and stay, in place of a temporary folder' },
    { type: 'text', name: 'probe', value: 'FILE', summary: 'What AWS was recorded to do by npm run probe:aws (default: SLUICE_PROBE)' },
  ],
  examples: [
    { line: 'sluice up', does: 'on port 4566, the agent on 2772' },
    { line: 'sluice up --port 0 --agent-port off', does: 'beside another one' },
  ],
  run: async (given, tell) => (await import('./acts/up.ts')).up(given, tell),
};
