import { refusal } from './refusal.ts';

/** A state machine's ARN taken apart; the qualifier is a version's number or an alias's name. */
export interface MachineAddress {
  readonly machineArn: string;
  readonly qualifier?: string;
}

/** An execution's ARN taken apart. */
export interface ExecutionAddress {
  readonly machineArn: string;
  readonly name: string;
}

/** Takes apart the ARN of a state machine, a version or an alias; throws InvalidArn for any other text. */
export function machineAddress(arn: string): MachineAddress {
  const [prefix, name, qualifier] = resource(arn, 'stateMachine', 2);
  return { machineArn: `${prefix}:stateMachine:${name}`, ...(qualifier !== undefined && { qualifier }) };
}

/** Takes apart the ARN of an execution; throws InvalidArn for any other text, an express execution's among them. */
export function executionAddress(arn: string): ExecutionAddress {
  const [prefix, machine, name] = resource(arn, 'execution', 2);
  if (name === undefined) throw invalidArn(arn);
  return { machineArn: `${prefix}:stateMachine:${machine}`, name };
}

/** The ARN of a machine's execution. */
export function executionArn(machineArn: string, name: string): string {
  return `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;
}

function resource(arn: string, type: string, most: number): [prefix: string, ...names: string[]] {
  const parts = arn.split(':');
  const names = parts.slice(6);
  if (parts[0] !== 'arn' || parts[2] !== 'states' || names.length === 0 || names[0] === '') throw invalidArn(arn);
  if (parts[5] !== type) throw refusal('InvalidArn', `Invalid Arn: 'Resource type not valid in this context: ${parts[5]}'`);
  if (names.length > most) throw invalidArn(arn);
  return [parts.slice(0, 5).join(':'), ...names];
}

function invalidArn(arn: string): Error {
  return refusal('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
}
