export { createAgent } from './agent.ts';
export type { Agent } from './agent.ts';
export { agentInside } from './inside.ts';
export { AgentError, agentOptions } from './options.ts';
export type { AgentOptions } from './options.ts';
